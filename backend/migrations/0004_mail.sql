-- Mail to be sent. A row is written with its cause and goes when it was sent, ran out, or
-- was given up.
create table mail_queue (
    id              bigint primary key not null,
    -- Recipient and whole message, sealed with the row's id.
    sealed          bytea not null,
    -- The Message-ID: the same however often the message has to be sent.
    message_id      text not null,
    attempts        bigint not null,
    -- Pushed ahead by whoever tries: nobody else does so meanwhile.
    next_attempt_at bigint not null,
    created_at      bigint not null,
    -- When what it says is no longer true, such as a code; null for news.
    expires_at      bigint
);

create index mail_queue_by_next_attempt on mail_queue (next_attempt_at);
