import { Lock } from "lucide-react";
import { Card } from "./card";
import { Empty } from "./empty";

/** A page that the viewer's role does not open. */
export function NotAllowed({ who }: { readonly who: string }) {
  return (
    <Card>
      <Empty icon={Lock} title="Your role does not open this page">
        Ask {who} of your organisation to look, or to give you another role.
      </Empty>
    </Card>
  );
}
