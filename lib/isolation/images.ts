import { basename } from "node:path";

const NODE = "node:22";
const PYTHON = "ghcr.io/astral-sh/uv:python3.13-bookworm-slim";
const GO = "golang:1.21-alpine";
const RUST = "rust:1.75-slim";
const RUBY = "ruby:3.2-alpine";
const PHP = "php:8.2-cli-alpine";
/** For programs that need nothing but a system. */
const PLAIN = "alpine:3.18";

/** Image by the name of a program. */
const IMAGES: Readonly<Record<string, string>> = {
  node: NODE,
  npm: NODE,
  npx: NODE,
  yarn: NODE,
  pnpm: NODE,
  python: PYTHON,
  python3: PYTHON,
  uv: PYTHON,
  uvx: PYTHON,
  pip: PYTHON,
  pipx: PYTHON,
  go: GO,
  cargo: RUST,
  rustc: RUST,
  ruby: RUBY,
  gem: RUBY,
  php: PHP,
  composer: PHP,
  sh: PLAIN,
  bash: PLAIN,
};

/** Where an image may come from. */
export interface ImageChoice {
  /** What the entry of the server names. */
  readonly image?: string;
  /** `default_images` of the config, by name of the program. */
  readonly images?: Readonly<Record<string, string>>;
  /** Registry for images that name none. */
  readonly registry?: string;
}

/**
 * Finds the image for a program: the entry's own, the config's, the built-in
 * one, else a plain system. Pure.
 *
 * @example
 * ```ts
 * imageFor("/usr/bin/npx", {}); // "node:22"
 * ```
 */
export function imageFor(command: string, { image, images = {}, registry }: ImageChoice): string {
  const program = basename(command).replace(/\.(exe|cmd)$/i, "");
  const own = Object.hasOwn(images, program) ? images[program] : undefined;
  const builtIn = Object.hasOwn(IMAGES, program) ? IMAGES[program] : undefined;
  return withRegistry(image ?? own ?? builtIn ?? images.binary ?? PLAIN, registry);
}

/** The engine's own default is the central registry, so that one need not be named. */
function withRegistry(image: string, registry = ""): string {
  const [first = ""] = image.split("/");
  const namesHost = image.includes("/") && (/[.:]/.test(first) || first === "localhost");
  return registry === "" || registry === "docker.io" || namesHost ? image : `${registry}/${image}`;
}
