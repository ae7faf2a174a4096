use sqlx::AnyConnection;

/// What only one transaction at a time may count.
#[derive(Clone, Copy)]
pub(crate) enum Gate {
    Owners,
}

impl Gate {
    const fn key(self) -> &'static str {
        match self {
            Self::Owners => "owners",
        }
    }
}

/// Locks the gate's row until the transaction ends, on both engines. Whoever counts
/// rows before writing passes here first: without it two transactions on PostgreSQL
/// both count before either has written.
pub(crate) async fn pass(connection: &mut AnyConnection, gate: Gate) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into gate (key, n) values ($1, 1)
         on conflict (key) do update set n = gate.n + 1",
    )
    .bind(gate.key())
    .execute(connection)
    .await
    .map(drop)
}
