DROP INDEX "audit_log_org_id_at_id_index";--> statement-breakpoint
DROP INDEX "webhook_deliveries_org_id_created_at_index";--> statement-breakpoint
DROP INDEX "webhook_deliveries_webhook_id_created_at_index";--> statement-breakpoint
DROP INDEX "realtime_sessions_org_id_started_at_id_index";--> statement-breakpoint
DROP INDEX "realtime_sessions_org_id_agent_id_started_at_index";--> statement-breakpoint
DROP INDEX "realtime_sessions_org_id_key_id_started_at_index";--> statement-breakpoint
DROP INDEX "realtime_sessions_org_id_model_started_at_index";--> statement-breakpoint
CREATE INDEX "audit_log_org_id_at_id_index" ON "audit_log" USING btree ("org_id","at","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_org_id_created_at_index" ON "webhook_deliveries" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_webhook_id_created_at_index" ON "webhook_deliveries" USING btree ("webhook_id","created_at");--> statement-breakpoint
CREATE INDEX "realtime_sessions_org_id_started_at_id_index" ON "realtime_sessions" USING btree ("org_id","started_at","id");--> statement-breakpoint
CREATE INDEX "realtime_sessions_org_id_agent_id_started_at_index" ON "realtime_sessions" USING btree ("org_id","agent_id","started_at");--> statement-breakpoint
CREATE INDEX "realtime_sessions_org_id_key_id_started_at_index" ON "realtime_sessions" USING btree ("org_id","key_id","started_at");--> statement-breakpoint
CREATE INDEX "realtime_sessions_org_id_model_started_at_index" ON "realtime_sessions" USING btree ("org_id","model","started_at");