import { Argument, type Command } from "commander";

import { completionScript, SHELLS, type Shell } from "../completion";
import { define, runs } from "../define";
import { shown } from "../shown";

export function completionCommand(program: Command): void {
  const command = define(program, "completion", {
    does: "Prints a script that lets the shell complete commands and options.",
    examples: [
      "source <(starledger completion bash)",
      "starledger completion zsh > ~/.zfunc/_starledger",
      "starledger completion fish > ~/.config/fish/completions/starledger.fish",
    ],
  }).addArgument(new Argument("<shell>", "for which shell").choices(SHELLS));
  runs<object, [Shell]>(command, (_session, _options, shell) =>
    Promise.resolve(shown({ shell, script: completionScript(program, shell) }, ({ script }) => script)),
  );
}
