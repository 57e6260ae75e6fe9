import { createDenoPlatform } from "../../../lib/platform/mod.ts";

export const { random } = createDenoPlatform();
