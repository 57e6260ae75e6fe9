import type { Session } from "../session.ts";
import { renderActivity } from "../render/activity.ts";
import { parseArguments } from "./call_arguments.ts";

/** Makes a call on record again. */
export async function replay(id: string, args: string | undefined, session: Session): Promise<void> {
  const given = args === undefined ? undefined : parseArguments(args, "activity replay");
  const management = await session.management();
  const input = { id, ...(given === undefined ? {} : { arguments: given }) };
  const answer = await management.request("tool_calls.replay", input, { signal: session.signal });
  if (!answer.success) session.exitCode = 1;
  const record = await management.request("activity.get", { id: answer.new_call_id }, {
    signal: session.signal,
  });
  await session.print(answer, (look) => renderActivity(record, true, look));
}
