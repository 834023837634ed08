// A provider on loopback with a key that it makes at each start. Who signs in is told by the header X-Person of whoever opens its
// page; everybody agrees to everything.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import Provider from 'oidc-provider';

const { PORT, REDIRECT_URI, CLIENT_SECRET, PEOPLE } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;
const people = JSON.parse(PEOPLE);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' };

const provider = new Provider(issuer, {
  clients: [{ client_id: 'notevault', client_secret: CLIENT_SECRET, redirect_uris: [REDIRECT_URI] }],
  jwks: { keys: [key] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  cookies: { keys: [randomUUID()] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) }
});

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const details = await provider.interactionDetails(ctx.req, ctx.res);
  const person = ctx.get('X-Person');
  if (!people[person]) {
    return provider.interactionFinished(ctx.req, ctx.res, { error: 'access_denied' });
  }
  const grant = new provider.Grant({ accountId: person, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: person }, consent: { grantId: await grant.save() } });
});

provider.listen(Number(PORT), '127.0.0.1', () => console.log('ready'));
