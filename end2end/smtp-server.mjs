// An SMTP server for tests. Its one argument is JSON: {"port", "login": {"user", "password"} or null,
// "certificate": FILE or null, "key": FILE}. It prints a line of JSON for its port, for each complete
// message, and for each mood that it reads from standard input: accept, defer, refuse, hang (take a
// message without responding), die (take a message and exit). It exits when standard input closes, so
// that no test leaves it running.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';

const { port, login, certificate, key } = JSON.parse(process.argv[2]);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
let mood = 'accept';

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

function read(stream) {
    return new Promise((resolve, reject) => {
        const chunks = [];
        stream.on('data', (chunk) => chunks.push(chunk));
        stream.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
        stream.on('error', reject);
    });
}

async function take(stream, session, answer) {
    const message = await read(stream);
    const { mailFrom, rcptTo } = session.envelope;
    say({
        from: mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        secure: session.secure,
        user: session.user ?? null,
        message,
    });
    switch (mood) {
        case 'hang':
            return;
        case 'die':
            process.exit(1);
            return;
        case 'defer':
            answer(refusal(451, 'Try again later'));
            return;
        case 'refuse':
            answer(refusal(550, 'No such mailbox'));
            return;
        default:
            answer();
    }
}

const disabledCommands = [];
if (!certificate) disabledCommands.push('STARTTLS');
if (!login) disabledCommands.push('AUTH');

const server = new SMTPServer({
    disabledCommands,
    ...(certificate && { cert: readFileSync(certificate), key: readFileSync(key) }),
    allowInsecureAuth: !certificate,
    authOptional: !login,
    onAuth({ username, password }, _session, answer) {
        const right = username === login.user && password === login.password;
        answer(right ? null : refusal(535, 'Wrong login'), { user: username });
    },
    onMailFrom(_address, session, answer) {
        answer(certificate && !session.secure ? refusal(530, 'STARTTLS first') : null);
    },
    onData: take,
});
// Clients disconnect now and then.
server.on('error', (error) => console.error(`smtp-server: ${error.message}`));
server.listen(port, '127.0.0.1', () => say({ port: server.server.address().port }));

createInterface({ input: process.stdin })
    .on('line', (word) => {
        mood = word;
        say({ mood });
    })
    .on('close', () => process.exit(0));
