import type { Definition, DefinitionKind } from "../approval/definition.ts";

/** One definition to be scanned. */
export interface ScanSubject {
  readonly kind: DefinitionKind;
  /** Absent where nobody knows, such as in a file of one server. */
  readonly server?: string;
  readonly definition: Definition;
  /** A text that a tool gave back and that describes nothing; it may order what no definition may. */
  readonly isResult?: boolean;
}
