/** A command that a document shows, with the output that it shows. */
export interface Step {
  readonly command: string;
  readonly output: string;
}

/** A program that a document shows: a block of TypeScript that begins with a comment that names its file. */
export interface Program {
  readonly file: string;
  readonly content: string;
}

const BLOCK = /^```(\w*)\n([\s\S]*?)^```$/gm;
const PROGRAM = /^\/\/ ([\w.-]+\.ts)\n/;

/** Whatever differs from run to run: addresses, hashes, signatures, invoices, keys, times, ports, gas, places in the log. */
const VARYING =
  /0x[0-9a-f]{40,}|sl1[0-9a-z]{20,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z|(?<=127\.0\.0\.1:)\d+|(?<=Commit +)\d+|(?<="commit":")\d+|\b\d{10}\b|\d+(?= gas)|\b[0-9a-f]{41,56}\b/g;

/** A document's commands and programs, in their order. Commands are the lines after `$ `; what follows is their output. */
export function stepsOf(text: string): (Step | Program)[] {
  return [...text.matchAll(BLOCK)].flatMap(([, language, content = ""]): (Step | Program)[] => {
    const file = PROGRAM.exec(content)?.[1];
    if (language === "ts" && file !== undefined) return [{ file, content }];
    if (!content.startsWith("$ ")) return [];
    return content.split(/^\$ /m).slice(1).map(toStep);
  });
}

function toStep(text: string): Step {
  const [, command = "", output = ""] = /^((?:[^\n]*\\\n)*[^\n]*)\n([\s\S]*)$/.exec(text) ?? [];
  return { command, output };
}

/** A document with other outputs, given in the order of its commands. */
export function withOutputs(text: string, outputs: readonly string[]): string {
  let [done, rest] = ["", text];
  let place = 0;
  for (const step of stepsOf(text)) {
    if ("file" in step) continue;
    const shown = `$ ${step.command}\n`;
    const at = rest.indexOf(shown + step.output) + shown.length;
    done += rest.slice(0, at) + outputs[place++]!;
    rest = rest.slice(at + step.output.length);
  }
  return done + rest;
}

/** What stands in a run for the addresses and the like that a document shows. */
export class Names {
  private readonly actual = new Map<string, string>();

  /** What is to be run for what a document says. */
  resolve(text: string): string {
    return text.replace(VARYING, (shown) => this.actual.get(shown) ?? shown);
  }

  /** What was put out, with the names that the document has for what varies: as shown, if it is the same. */
  compare(shown: string, output: string): string {
    const names = [...shown.matchAll(VARYING)].map(([name]) => name);
    let place = 0;
    return output.replace(VARYING, (found) => {
      const name = names[place++] ?? this.nameOf(found);
      const known = this.actual.get(name);
      if (known === undefined) this.actual.set(name, found);
      return known === undefined || known === found ? name : this.nameOf(found);
    });
  }

  private nameOf(found: string): string {
    for (const [name, actual] of this.actual) if (actual === found) return name;
    return found;
  }
}
