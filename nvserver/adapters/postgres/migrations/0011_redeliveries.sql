-- Which delivery to a webhook somebody had sent again.
ALTER TABLE webhook_deliveries ADD COLUMN redelivery_of bytea;
