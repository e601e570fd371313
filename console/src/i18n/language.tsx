import { createContext, use, useEffect, useState, type ReactNode } from "react";

/** The languages that every text is in. */
export const LANGUAGES = { en: "English", zh: "中文" } as const;

export type Language = keyof typeof LANGUAGES;

/** The texts of one part of the console, in every language; a parameter makes a text a function. */
export type Catalogue<Messages> = Readonly<Record<Language, Messages>>;

interface Chosen {
  readonly language: Language;
  /** How numbers and times are written: as the browser's owner does, if that is of this language. */
  readonly locale: string;
  readonly choose: (language: Language) => void;
}

const KEPT = "starledger.language";

const Chosen = createContext<Chosen | undefined>(undefined);

/** The language that was chosen last, or else the browser's. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(initial);
  useEffect(() => {
    document.documentElement.lang = language === "zh" ? "zh-Hans" : language;
  }, [language]);
  const choose = (chosen: Language): void => {
    localStorage.setItem(KEPT, chosen);
    setLanguage(chosen);
  };
  return <Chosen value={{ language, locale: localeOf(language), choose }}>{children}</Chosen>;
}

export function useLanguage(): Chosen {
  return use(Chosen)!;
}

/** The texts of a catalogue in the language that is chosen. */
export function useMessages<Messages>(catalogue: Catalogue<Messages>): Messages {
  return catalogue[useLanguage().language];
}

function localeOf(language: Language): string {
  return navigator.languages.find((one) => one.startsWith(language)) ?? language;
}

function initial(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.startsWith("zh") ? "zh" : "en";
}
