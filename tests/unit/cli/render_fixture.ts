import type { Look } from "../../../cli/render/text.ts";

export const PIPE: Look = { width: undefined, colour: false };
