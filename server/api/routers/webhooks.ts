import { createWebhook } from "../../../lib/services/webhooks/create";
import { listWebhooks } from "../../../lib/services/webhooks/list";
import { listDeliveries } from "../../../lib/services/webhooks/list-deliveries";
import { redeliver } from "../../../lib/services/webhooks/redeliver";
import { removeWebhook } from "../../../lib/services/webhooks/remove";
import { rotateWebhookSecret } from "../../../lib/services/webhooks/rotate-secret";
import { updateWebhook } from "../../../lib/services/webhooks/update";
import { mutation, query } from "../from-service";
import { router } from "../trpc";

export const webhooksRouter = router({
  list: query(listWebhooks),
  create: mutation(createWebhook),
  update: mutation(updateWebhook),
  rotateSecret: mutation(rotateWebhookSecret),
  remove: mutation(removeWebhook),
  deliveries: query(listDeliveries),
  redeliver: mutation(redeliver),
});
