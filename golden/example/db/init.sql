create table if not exists orders (
  id bigserial primary key,
  day date not null,
  total_cents integer not null
);
