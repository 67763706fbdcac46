create table tenants (tenant_id text not null primary key);
