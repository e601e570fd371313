import { useEffect, useState } from "react";

type Theme = "light" | "dark";

const KEPT = "starledger.theme";

/** The theme that was chosen last, or else the device's, and how to change it. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(initial);
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme;
  }, [theme]);
  const toggle = (): void => {
    const other = theme === "dark" ? "light" : "dark";
    localStorage.setItem(KEPT, other);
    setTheme(other);
  };
  return [theme, toggle];
}

function initial(): Theme {
  const kept = localStorage.getItem(KEPT);
  if (kept === "light" || kept === "dark") return kept;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
