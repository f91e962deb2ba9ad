import { createElement as h } from "react";

export default function Page() {
  return h("p", null, "My own page. Clients connect to /v1/realtime.");
}
