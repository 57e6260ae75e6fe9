/**
 * What credentials look like.
 *
 * @module
 */

/**
 * Shapes of well-known credentials. Each is a fixed start and one class of
 * characters taken to its end, so that no rest of a long one stays and none
 * can backtrack; the three parts of a JWT begin only where a word does.
 */
export const SECRET_SHAPES: readonly RegExp[] = [
  /\bBearer [A-Za-z0-9._~+/=-]{8,}/gi,
  /\bmcp_agt_[A-Za-z0-9]{8,}/g,
  /\bgh[opsur]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g,
];

const SECRET_NAME =
  /TOKEN|KEY|SECRET|PASS|PWD|AUTH|CREDENTIAL|COOKIE|SESSION|PRIVATE|SIGNATURE|DSN|(?:^|[_-])PAT(?:$|[_-])/i;

const SECRET_PARAMETER = /token|key|secret|pass|auth|sig|code|credential/i;

/** Tells whether a variable, header or flag of this name is likely to hold a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Tells whether a query parameter of this name is likely to hold a secret. */
export function isSecretParameter(name: string): boolean {
  return SECRET_PARAMETER.test(name);
}

/** Anything of these shapes, and maybe more: one look at a text in place of one for each shape. */
const ANY_SHAPE = new RegExp(SECRET_SHAPES.map(({ source }) => source).join("|"), "i");

/** Writes another text in the place of everything that has the shape of a credential. */
export function replaceShapes(text: string, by: (found: string) => string): string {
  if (!ANY_SHAPE.test(text)) return text;
  return SECRET_SHAPES.reduce((clean, shape) => clean.replace(shape, by), text);
}
