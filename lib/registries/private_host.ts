const PRIVATE_V4 =
  /^(?:0|10|127|169\.254|192\.168|192\.0\.0|198\.1[89]|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const PRIVATE_V6 = /^\[(?:::1?|f[cd][0-9a-f]{2}:.*|fe[89a-f][0-9a-f]:.*)\]$/i;
/** An IPv4 address within one of IPv6: mapped, compatible, translated, or by way of 6to4. */
const EMBEDDED =
  /^\[(?:(?:::ffff:(?:0:)?|::|64:ff9b::|64:ff9b:1:(?:[0-9a-f:]+:)?)([0-9a-f]{1,4}):([0-9a-f]{1,4})|2002:([0-9a-f]{1,4}):([0-9a-f]{1,4}):.*)\]$/i;
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|lan|home\.arpa)\.?$/i;

/**
 * Tells whether a host, as a parsed URL has it, is this machine or a network
 * that is not public. What a public name resolves to is not looked at. Pure.
 */
export function isPrivateHost(host: string): boolean {
  const [, high, low, high6 = "", low6 = ""] = EMBEDDED.exec(host) ?? [];
  const [first, second] = [high ?? high6, low ?? low6];
  if (first !== "" && PRIVATE_V4.test(`${toV4(first)}.${toV4(second)}`)) return true;
  return PRIVATE_V4.test(host) || PRIVATE_V6.test(host) || LOCAL_NAME.test(host) || !/[.:]./.test(host);
}

function toV4(group: string): string {
  const value = parseInt(group, 16);
  return `${value >> 8}.${value & 255}`;
}
