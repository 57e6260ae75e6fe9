import type { Config } from "../../contracts/mod.ts";
import { createDetector, type Detector, type SensitiveCategory } from "../../security/mod.ts";

const CATEGORIES: readonly SensitiveCategory[] = [
  "cloud_credentials",
  "private_key",
  "api_token",
  "auth_token",
  "database_credential",
  "credit_card",
  "high_entropy",
  "sensitive_file",
  "custom",
];

/** The detector that suits the config in force. */
export interface DetectorSource {
  /** The detector of the config; a promise while one is being made. */
  current(config: Config): Detector | Promise<Detector>;
}

/**
 * Keeps a detector and makes another when its part of the config has changed.
 *
 * @param onInvalid Hears of a custom pattern that is left out.
 */
export function createDetectorSource(
  onInvalid: (name: string, error: unknown) => void,
): DetectorSource {
  let of: Config["sensitive_data_detection"] | undefined;
  let text = "";
  let now: Detector | Promise<Detector> | undefined;

  function renew(wanted: Config["sensitive_data_detection"]): Promise<Detector> {
    const made = makeDetector(wanted, onInvalid).then((detector) => {
      if (now === made) now = detector;
      return detector;
    });
    return made;
  }

  return {
    current({ sensitive_data_detection: wanted }) {
      if (now !== undefined && wanted === of) return now;
      // A new snapshot mostly has the same rules.
      const written = JSON.stringify(wanted);
      if (now === undefined || written !== text) now = renew(wanted);
      of = wanted;
      text = written;
      return now;
    },
  };
}

function makeDetector(
  config: Config["sensitive_data_detection"],
  onInvalid: (name: string, error: unknown) => void,
): Promise<Detector> {
  const words = config.sensitive_keywords;
  const keywords = words.length === 0 ? [] : [{ name: "sensitive_keyword", keywords: words }];
  return createDetector({
    categories: CATEGORIES.filter((category) => config.categories[category] !== false),
    custom: [...config.custom_patterns, ...keywords],
    minEntropy: config.entropy_threshold,
    maxChars: config.max_payload_size_kb * 1024,
    onInvalid,
  });
}
