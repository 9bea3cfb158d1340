/** The bot on a terminal: `npm run build && npm start -- AGENT_ID`. */
import { createInterface } from "node:readline/promises";
import { Letta } from "@letta-ai/letta-client";

import { Bot, type Call, type Decision } from "./bot.js";

const terminal = createInterface({ input: process.stdin, output: process.stdout });
const clock = { description: "Tells the time.", parameters: {}, run: () => new Date().toISOString() };

async function decide({ name, args }: Call): Promise<Decision> {
  const answer = await terminal.question(`May I call ${name}(${JSON.stringify(args)})? [y/N] `);
  return answer === "y" ? undefined : "The user does not want that.";
}

const bot = await Bot.open(new Letta(), process.argv[2] ?? "", { tell_time: clock }, decide);
for (;;) console.log(await bot.say(await terminal.question("> ")));
