import { FAMILIES } from "./family_names.ts";
import type { DefinitionReport, Finding, ScanReport } from "./finding.ts";

/** Where a report comes from and who made it. */
export interface SarifOptions {
  /** Path or URI of the file scanned. */
  readonly artifact: string;
  /** Version of the program. */
  readonly version: string;
}

const LEVELS = { hold: "error", review: "warning", clean: "note" } as const;

/**
 * Brings a report into SARIF 2.1.0, which code scanning services read.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function toSarif(
  report: ScanReport,
  { artifact, version }: SarifOptions,
): Readonly<Record<string, unknown>> {
  const findings = report.definitions.flatMap((definition) =>
    definition.findings.map((finding) => ({ definition, finding }))
  );
  const rules = new Map(findings.map(({ finding }) => [finding.rule, finding]));
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{
      tool: {
        driver: {
          name: "mcpproxy security",
          version,
          semanticVersion: version,
          properties: { rules: report.rules },
          rules: [...rules.values()].map(toRule),
        },
      },
      artifacts: [{ location: { uri: artifact } }],
      results: findings.map(({ definition, finding }) => toResult(definition, { finding, artifact })),
    }],
  };
}

function toRule({ rule, family, tag, message }: Finding): Readonly<Record<string, unknown>> {
  return {
    id: rule,
    name: family,
    shortDescription: { text: FAMILIES[family]?.message ?? message },
    properties: { tags: [tag, family] },
  };
}

function toResult(
  { name, server, kind, verdict }: DefinitionReport,
  { finding, artifact }: { readonly finding: Finding; readonly artifact: string },
): Readonly<Record<string, unknown>> {
  const { rule, message, pointer, span, text, decoded, weight, tag } = finding;
  return {
    ruleId: rule,
    level: LEVELS[verdict],
    message: { text: `${message} (${name}${pointer})` },
    locations: [{
      physicalLocation: { artifactLocation: { uri: artifact } },
      logicalLocations: [{
        name,
        fullyQualifiedName: [server ?? "", kind, `${name}${pointer}`].join("/"),
        kind: "member",
      }],
    }],
    properties: { pointer, span, text, weight, tag, verdict, ...(decoded === undefined ? {} : { decoded }) },
  };
}
