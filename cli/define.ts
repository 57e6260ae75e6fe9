import type { Command } from "@commander-js/extra-typings";
import type { Session } from "./session.ts";

/** Adds options, arguments, verbs and actions to the empty command of a noun. */
export type Define = (command: Command, session: Session) => void;
