import { createRuleSet } from "../../../lib/security/engine.ts";

export const rules = createRuleSet();
