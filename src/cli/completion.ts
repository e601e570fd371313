import type { Command } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What can follow the words typed so far. */
interface Place {
  /** The commands above, with spaces between; empty for the first word. */
  readonly path: string;
  readonly commands: readonly Command[];
  readonly options: readonly { readonly flag: string; readonly does: string }[];
}

/** The script by which a shell completes the program's commands and options; file names elsewhere. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, "");
  return { bash, zsh, fish }[shell](program.name(), places);
}

function placesOf(command: Command, path: string): Place[] {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...(path === "" ? [] : help.visibleGlobalOptions(command))];
  const own: Place = {
    path,
    commands: command.commands,
    options: options.flatMap(({ long, description }) => (long ? [{ flag: long, does: description }] : [])),
  };
  const below = command.commands.flatMap((next) => placesOf(next, `${path} ${next.name()}`.trim()));
  return [own, ...below];
}

function bash(name: string, places: readonly Place[]): string {
  return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in ${paths(places)}) path="\${path:+$path }$word" ;; esac
  done
  local words=""
  case "$path" in
${places.map(({ path, ...rest }) => `    "${path}") words="${wordsOf(rest).join(" ")}" ;;`).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}`;
}

function zsh(name: string, places: readonly Place[]): string {
  return `#compdef ${name}
# zsh completion of ${name}: ${name} completion zsh > a folder of $fpath/_${name}
_${name}() {
  local at="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in ${paths(places)}) at="\${at:+$at }$word" ;; esac
  done
  case "$at" in
${places.map(({ path, ...rest }) => `    "${path}") compadd -- ${wordsOf(rest).join(" ")} ;;`).join("\n")}
  esac
  _files
}
[ "\${funcstack[1]}" = _${name} ] && _${name} "$@" || compdef _${name} ${name}`;
}

function fish(name: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ path, commands, options }) => {
    const names = commands.map((command) => command.name());
    const typed = path === "" ? [] : path.split(" ").map((word) => `__fish_seen_subcommand_from ${word}`);
    const condition = [...typed, ...(names.length > 0 ? [`not __fish_seen_subcommand_from ${names.join(" ")}`] : [])];
    const start = `complete -c ${name} -n "${condition.join("; and ")}"`;
    return [
      ...commands.map((command) => `${start} -f -a ${command.name()} -d ${quoted(command.description())}`),
      ...options.map(({ flag, does }) => `${start} -l ${flag.slice(2)} -d ${quoted(does)}`),
    ];
  });
  return [
    `# fish completion of ${name}: ${name} completion fish > ~/.config/fish/completions/${name}.fish`,
    ...lines,
  ].join("\n");
}

/** The places with something below them, as patterns: what was typed before, and the word that leads on. */
function paths(places: readonly Place[]): string {
  return places.flatMap(({ path }) => (path === "" ? [] : [`"${path.includes(" ") ? path : ` ${path}`}"`])).join(" | ");
}

function wordsOf({ commands, options }: Omit<Place, "path">): string[] {
  return [...commands.map((command) => command.name()), ...options.map(({ flag }) => flag)];
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
