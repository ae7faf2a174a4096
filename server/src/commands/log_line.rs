use std::fmt;

use serde::ser::{SerializeMap as _, Serializer as _};
use tracing::{Event, Subscriber};
use tracing_serde::SerdeMapVisitor;
use tracing_subscriber::fmt::format::{Writer, debug_fn};
use tracing_subscriber::fmt::time::{FormatTime as _, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// The span of a request, whose one field is its id.
const REQUEST: &str = "request";

/// Writes an event as one JSON object (security A17): its time, level, fields and origin, and the
/// id of the request that it came about in. The ready-made format reads each span's fields back
/// from JSON for every line, which takes longer than all the rest of it.
pub(super) struct LogLine;

impl LogLine {
    /// How spans are kept until a line needs them.
    pub(super) fn fields() -> impl for<'w> FormatFields<'w> {
        debug_fn(|writer, _field, value| write!(writer, "{value:?}"))
    }

    fn write<S, N>(context: &FmtContext<'_, S, N>, event: &Event<'_>) -> serde_json::Result<Vec<u8>>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
        N: for<'w> FormatFields<'w> + 'static,
    {
        let mut time = String::with_capacity(32);
        // Only the writer could fail, and a string takes everything.
        let _ = SystemTime.format_time(&mut Writer::new(&mut time));
        let mut line = Vec::with_capacity(512);
        let mut serializer = serde_json::Serializer::new(&mut line);
        let mut map = serializer.serialize_map(None)?;
        let about = event.metadata();
        map.serialize_entry("timestamp", &time)?;
        map.serialize_entry("level", about.level().as_str())?;
        let mut fields = SerdeMapVisitor::new(map);
        event.record(&mut fields);
        let mut map = fields.take_serializer()?;
        map.serialize_entry("target", about.target())?;
        if let Some(request) = context
            .event_scope()
            .and_then(|mut scope| scope.find(|span| span.name() == REQUEST))
            && let Some(id) = request.extensions().get::<FormattedFields<N>>()
        {
            map.serialize_entry("request_id", &id.fields)?;
        }
        map.end()?;
        line.push(b'\n');
        Ok(line)
    }
}

impl<S, N> FormatEvent<S, N> for LogLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let line = Self::write(context, event).map_err(|_| fmt::Error)?;
        writer.write_str(str::from_utf8(&line).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Written {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn lines_of(log: impl FnOnce()) -> Vec<Value> {
        let written = Written::default();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(LogLine::fields())
            .event_format(LogLine)
            .with_writer(written.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let bytes = written.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        let lines = text.lines().map(serde_json::from_str);
        lines.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_line_has_the_id_of_the_request_around_it() {
        let lines = lines_of(|| {
            tracing::warn!("outside");
            let request = tracing::info_span!("request", request_id = %"4711").entered();
            tracing::info!(status = 200, client_ip = %"::1", "answered");
            let _within = tracing::info_span!("query", statement = "select 1").entered();
            tracing::error!("within");
            drop(request);
        });
        let ids: Vec<_> = lines.iter().map(|line| &line["request_id"]).collect();
        assert_eq!(ids, [&Value::Null, &json!("4711"), &json!("4711")]);
        let mut answered = lines[1].clone();
        let time = answered.as_object_mut().unwrap().remove("timestamp");
        assert!(time.unwrap().as_str().unwrap().ends_with('Z'));
        let expected = json!({
            "level": "INFO",
            "message": "answered",
            "status": 200,
            "client_ip": "::1",
            "target": module_path!(),
            "request_id": "4711",
        });
        assert_eq!(answered, expected);
    }

    /// Security A17.
    #[test]
    fn a17_whatever_is_logged_a_line_is_one_object() {
        for text in [
            "\r\n",
            "\"}\n{\"level\":\"ERROR\"",
            "\u{1b}[31m",
            "\u{2028}\0",
        ] {
            let lines = lines_of(|| {
                let _request = tracing::info_span!("request", request_id = %text).entered();
                tracing::info!(shown = text, debug = ?text, display = %text, "{text}");
            });
            assert_eq!(lines.len(), 1);
            for field in ["request_id", "shown", "display", "message"] {
                assert_eq!(lines[0][field], text, "{field}");
            }
        }
    }
}
