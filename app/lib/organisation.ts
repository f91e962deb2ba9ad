/** Which organisation the browser looks at: a cookie, which the server holds against the memberships each time. */
import { ORGANISATION_COOKIE } from "@/lib/auth/viewer";

/** Loads the page anew: nothing of the other organisation may stay on it. */
export function chooseOrganisation(id: string, to = "/"): void {
  document.cookie = `${ORGANISATION_COOKIE}=${encodeURIComponent(id)}; path=/; max-age=31536000; samesite=lax`;
  location.assign(to);
}
