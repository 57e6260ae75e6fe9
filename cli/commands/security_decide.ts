import type { Define } from "../define.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";

const NAME = "name of the server";

/** Defines the verbs that decide about a server after its scan. */
export const defineDecide: Define = (command, session) => {
  command.command("approve")
    .description(
      "Let a server out of quarantine that was scanned, unless the scan says to hold something of it",
    )
    .argument("<server>", NAME)
    .option("-y, --force", "whatever the scan says")
    .action((name, { force }) => decide("security.approve", { name, force: force === true }, session));
  command.command("reject")
    .description("Hold a server in quarantine, and keep it off")
    .argument("<server>", NAME)
    .action((name) => decide("security.reject", { name }, session));
};

async function decide(
  verb: "security.approve" | "security.reject",
  input: { readonly name: string; readonly force?: boolean },
  session: Session,
): Promise<void> {
  const management = await session.management();
  const answer = await management.request(verb, input, { signal: session.signal });
  await session.print(answer, () => `${oneLine(answer.message)}\n`);
}
