import { Link, useLocation } from "wouter";

import { useCurrentSeen } from "./useCurrentSeen";
import "./sections.css";

interface SectionsProps {
  readonly label: string;
  readonly of: readonly (readonly [path: string, name: string])[];
}

/** The pages of one part of the console, to go from one to the other. */
export function Sections({ label, of }: SectionsProps) {
  const [location] = useLocation();
  const links = useCurrentSeen(location);
  const isAt = (path: string) =>
    path === "/" ? location === "/" : location === path || location.startsWith(`${path}/`);
  return (
    <nav ref={links} className="sections" aria-label={label}>
      {of.map(([path, name]) => (
        <Link key={path} href={path} aria-current={isAt(path) ? "page" : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
