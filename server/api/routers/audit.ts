import { listAudit } from "../../../lib/services/audit/list";
import { query } from "../from-service";
import { router } from "../trpc";

export const auditRouter = router({ list: query(listAudit) });
