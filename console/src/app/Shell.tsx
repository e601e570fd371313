import { Suspense, type ReactNode } from "react";
import { Link, useLocation } from "wouter";

import { common } from "../i18n/common";
import { LANGUAGES, useLanguage, useMessages, type Language } from "../i18n/language";
import icon from "../icon.svg";
import { Loading } from "./Loading";
import { useTheme } from "./theme";
import { Trouble } from "./Trouble";
import "./shell.css";

/** What is around every page: where one is, where one can go, language and theme. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const t = useMessages(common);
  const [location] = useLocation();
  const parts = [
    ["/", t.home],
    ["/wallet", t.wallet],
    ["/operator", t.operator],
  ] as const;
  const isAt = (path: string) => (path === "/" ? location === "/" : location.startsWith(path));
  return (
    <>
      <a className="skip" href="#content">
        {t.skip}
      </a>
      <header className="bar">
        <Link href="/" className="brand">
          <img src={icon} alt="" width="26" height="26" />
          <span>Starledger</span>
        </Link>
        <nav aria-label="Starledger">
          {parts.map(([path, name]) => (
            <Link key={path} href={path} aria-current={isAt(path) ? "page" : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <Preferences />
      </header>
      <main id="content" tabIndex={-1}>
        <Trouble key={location}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </Trouble>
      </main>
    </>
  );
}

function Preferences() {
  const t = useMessages(common);
  const { language, choose } = useLanguage();
  const [theme, toggleTheme] = useTheme();
  const toggleName = theme === "dark" ? t.toLight : t.toDark;
  return (
    <div className="preferences">
      <select aria-label={t.language} value={language} onChange={(event) => choose(event.target.value as Language)}>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      <button type="button" aria-label={toggleName} title={toggleName} onClick={toggleTheme}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
        </svg>
      </button>
    </div>
  );
}
