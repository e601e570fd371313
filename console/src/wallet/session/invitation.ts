// An invitation is an API key that may open accounts and nothing else. It comes after the `#` of a link, which browsers keep
// to themselves, and is forgotten with the tab.

const KEPT = "starledger.invitation";
const NAME = "invitation";

/** The invitation that the page was opened with, or that was entered, in this tab. */
export function invitation(): string | undefined {
  const given = new URLSearchParams(location.hash.slice(1)).get(NAME);
  if (given !== null) {
    keepInvitation(given);
    history.replaceState(history.state, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEPT) ?? undefined;
}

/** @param text the key itself, or a link that brings it */
export function keepInvitation(text: string): void {
  const [, linked] = text.trim().split(`#${NAME}=`);
  sessionStorage.setItem(KEPT, linked ?? text.trim());
}

/** A link that brings whoever opens it an invitation. */
export function invitationLink(key: string): string {
  return `${location.origin}/wallet#${NAME}=${key}`;
}
