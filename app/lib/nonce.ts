/** The server writes the page's nonce into it, for scripts that the page names itself. */
export const NONCE_HEADER = "x-nonce";
