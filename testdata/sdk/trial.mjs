// Lets the SDKs of providers check signatures, and make them where they can.
// One request is read per line of standard input and answered by one on standard output:
//
//   {"sdk": "svix", "do": "verify", "headers": {…}, "body": "…", "secret": "…", "url": "…"}  ->  {} or {"refused": "why"}
//   {"sdk": "svix", "do": "sign", "body": "…", "secret": "…", "url": "…"}  ->  {"headers": {…}} and "body" or "url" where they changed
//
// Names of headers are in lower case. "variant" tells the ways of one SDK apart. What an SDK says
// with false, null or an exception is a refusal; anything else is an acceptance.

import { createHash } from 'node:crypto';
import https from 'node:https';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

const seconds = () => Math.floor(Date.now() / 1000);

const sdks = {
  async svix() {
    const { Webhook } = await import('svix');
    return {
      verify: ({ headers, body, secret }) => new Webhook(secret).verify(body, headers),
      sign: ({ body, secret }) => standardHeaders('svix', new Webhook(secret), body),
    };
  },

  async standardwebhooks() {
    const { Webhook } = await import('standardwebhooks');
    return {
      verify: ({ headers, body, secret }) => new Webhook(secret).verify(body, headers, { jsonParse: false }),
      sign: ({ body, secret }) => standardHeaders('webhook', new Webhook(secret), body),
    };
  },

  async '@octokit/webhooks-methods'() {
    const { sign, verify } = await import('@octokit/webhooks-methods');
    return {
      verify: ({ headers, body, secret }) => verify(secret, body, headers['x-hub-signature-256']),
      sign: async ({ body, secret }) => ({ headers: { 'x-hub-signature-256': await sign(secret, body) } }),
    };
  },

  async '@linear/sdk'() {
    const { LinearWebhookClient } = await import('@linear/sdk/webhooks');
    return {
      verify: ({ headers, body, secret }) =>
        new LinearWebhookClient(secret).verify(Buffer.from(body), headers['linear-signature']),
    };
  },

  async '@paddle/paddle-node-sdk'() {
    const { Paddle } = await import('@paddle/paddle-node-sdk');
    const { webhooks } = new Paddle('no API key is needed for this');
    return {
      verify: ({ headers, body, secret }) => webhooks.isSignatureValid(body, secret, headers['paddle-signature']),
    };
  },

  // It has no signer of its own, but the library that it verifies with has one.
  async '@sendgrid/eventwebhook'() {
    const { EventWebhook } = (await import('@sendgrid/eventwebhook')).default;
    const { Ecdsa, PrivateKey } = (await import('starkbank-ecdsa')).default;
    const signature = 'x-twilio-email-event-webhook-signature';
    const timestamp = 'x-twilio-email-event-webhook-timestamp';
    const sdk = new EventWebhook();
    return {
      verify: ({ headers, body, secret }) =>
        sdk.verifySignature(sdk.convertPublicKeyToECDSA(secret), Buffer.from(body), headers[signature], headers[timestamp]),
      sign: ({ body, secret }) => {
        const at = String(seconds());
        const made = Ecdsa.sign(at + body, PrivateKey.fromPem(secret));
        return { headers: { [signature]: made.toBase64(), [timestamp]: at } };
      },
    };
  },

  async 'discord-interactions'() {
    const { verifyKey } = await import('discord-interactions');
    return {
      verify: ({ headers, body, secret }) =>
        verifyKey(Buffer.from(body), headers['x-signature-ed25519'], headers['x-signature-timestamp'], secret),
    };
  },

  async 'sns-validator'() {
    const { default: MessageValidator } = await import('sns-validator');
    return {
      verify: ({ body, secret }) => {
        certificate = secret;
        return new Promise((accept, refuse) =>
          new MessageValidator().validate(body, (error, message) => (error ? refuse(error) : accept(message))));
      },
    };
  },

  async 'sns-payload-validator'() {
    const { default: Validator } = await import('sns-payload-validator');
    return {
      verify: ({ body, secret }) => {
        certificate = secret;
        return new Validator({ useCache: false }).validate(body);
      },
    };
  },

  // RFC 9421. The variant is the algorithm. Whether Content-Digest is that of the body it leaves
  // to its callers.
  async 'http-message-signatures'() {
    const { httpbis, createSigner, createVerifier } = (await import('http-message-signatures')).default;
    const fields = ['@method', '@authority', '@path', '@query', 'content-type', 'content-digest'];
    const digest = (body) => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
    return {
      verify: ({ headers, body, secret, url, variant }) => {
        if (headers['content-digest'] !== digest(body)) {
          throw new Error('Content-Digest is not that of the body');
        }
        const key = { id: 'trial', algs: [variant], verify: createVerifier(secret, variant) };
        return httpbis.verifyMessage(
          { keyLookup: ({ keyid }) => (keyid === key.id ? key : null), requiredFields: fields, maxAge: 300 },
          { method: 'POST', url, headers });
      },
      sign: ({ body, secret, url, variant }) =>
        httpbis.signMessage(
          { key: createSigner(secret, variant, 'trial'), fields },
          { method: 'POST', url, headers: { 'content-type': 'application/json', 'content-digest': digest(body) } }),
    };
  },

  async stripe() {
    const { webhooks } = new (await import('stripe')).default('no API key is needed for this');
    return {
      verify: ({ headers, body, secret }) => webhooks.constructEvent(Buffer.from(body), headers['stripe-signature'], secret),
      sign: ({ body, secret }) => ({
        headers: { 'stripe-signature': webhooks.generateTestHeaderString({ payload: body, secret }) },
      }),
    };
  },

  // The variant is what the body is: a form, or JSON whose digest is in the URL.
  async twilio() {
    const { default: sdk } = await import('twilio');
    const parameters = (body) => Object.fromEntries(
      [...new URLSearchParams(body).keys()].map((name) => [name, new URLSearchParams(body).getAll(name)]));
    return {
      verify: ({ headers, body, secret, url, variant }) => (variant === 'json'
        ? sdk.validateRequestWithBody(secret, headers['x-twilio-signature'], url, body)
        : sdk.validateRequest(secret, headers['x-twilio-signature'], url, parameters(body))),
      sign: ({ body, secret, url, variant }) => {
        const to = variant === 'json' ? `${url.split('?')[0]}?bodySHA256=${sdk.getExpectedBodyHash(body)}` : url;
        const signed = sdk.getExpectedTwilioSignature(secret, to, variant === 'json' ? {} : parameters(body));
        return { headers: { 'x-twilio-signature': signed }, url: to };
      },
    };
  },

  // The variant is the version of the signature.
  async '@hubspot/api-client'() {
    const { Signature } = await import('@hubspot/api-client');
    const name = (version) => (version === 'v3' ? 'x-hubspot-signature-v3' : 'x-hubspot-signature');
    return {
      verify: ({ headers, body, secret, url, variant }) =>
        Signature.isValid({
          method: 'POST', signatureVersion: variant, signature: headers[name(variant)], clientSecret: secret, requestBody: body, url,
          timestamp: Number(headers['x-hubspot-request-timestamp']),
        }),
      sign: ({ body, secret, url, variant }) => {
        const timestamp = Date.now();
        const made = Signature.getSignature('POST', variant, { clientSecret: secret, requestBody: body, url, timestamp });
        const version = variant === 'v3' ? {} : { 'x-hubspot-signature-version': variant };
        return { headers: { [name(variant)]: made, 'x-hubspot-request-timestamp': String(timestamp), ...version } };
      },
    };
  },

  async square() {
    const { WebhooksHelper } = await import('square');
    return {
      verify: ({ headers, body, secret, url }) =>
        WebhooksHelper.verifySignature({
          requestBody: body, signatureHeader: headers['x-square-hmacsha256-signature'], signatureKey: secret, notificationUrl: url,
        }),
    };
  },

  // The variant is the kind of webhook: items that are signed one by one, or a body with a header.
  async '@adyen/api-library'() {
    const { hmacValidator: HmacValidator } = await import('@adyen/api-library');
    const sdk = new HmacValidator();
    const items = (message) => message.notificationItems.map((each) => each.NotificationRequestItem);
    return {
      verify: ({ headers, body, secret, variant }) => (variant === 'items'
        ? items(JSON.parse(body)).every((item) => sdk.validateHMAC(item, secret))
        : sdk.validateHMACSignature(secret, headers.hmacsignature, body)),
      sign: ({ body, secret, variant }) => {
        if (variant !== 'items') {
          return { headers: { hmacsignature: sdk.calculateHmac(body, secret) } };
        }
        const message = JSON.parse(body);
        for (const item of items(message)) {
          item.additionalData = { hmacSignature: sdk.calculateHmac(item, secret) };
        }
        return { headers: {}, body: JSON.stringify(message) };
      },
    };
  },

  async '@shopify/shopify-api'() {
    await import('@shopify/shopify-api/adapters/web-api');
    const { shopifyApi, ApiVersion } = await import('@shopify/shopify-api');
    return {
      verify: async ({ headers, body, secret, url }) => {
        const { webhooks } = shopifyApi({
          apiKey: 'none', apiSecretKey: secret, scopes: [], hostName: 'hooks.example', isEmbeddedApp: false,
          apiVersion: Object.values(ApiVersion)[0], logger: { log: () => {} },
        });
        const verdict = await webhooks.validate({ rawBody: body, rawRequest: new Request(url, { method: 'POST', headers, body }) });
        return verdict.valid || Promise.reject(new Error(JSON.stringify(verdict)));
      },
    };
  },

  async '@slack/bolt'() {
    const { HTTPModuleFunctions } = await import('@slack/bolt');
    return {
      verify: ({ headers, body, secret }) =>
        HTTPModuleFunctions.parseAndVerifyHTTPRequest(
          { signingSecret: secret }, Object.assign(Readable.from([Buffer.from(body)]), { headers, method: 'POST' })),
    };
  },

  async '@zoom/rivet'() {
    const { AwsLambdaReceiver } = await import('@zoom/rivet/users');
    return {
      verify: async ({ headers, body, secret }) => {
        const receiver = new AwsLambdaReceiver({ webhooksSecretToken: secret });
        receiver.init({ eventEmitter: { emit: () => {} } });
        const answer = await receiver.start()({ headers, body, isBase64Encoded: false }, {});
        return answer.statusCode === 200 || Promise.reject(new Error(answer.body));
      },
    };
  },
};

function standardHeaders(prefix, webhook, body) {
  const id = 'msg_trial';
  const at = new Date();
  return {
    headers: {
      [`${prefix}-id`]: id,
      [`${prefix}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
      [`${prefix}-signature`]: webhook.sign(id, at, body),
    },
  };
}

// What signs for Amazon SNS is in the message as a URL. The validators get the certificate of
// the trial from there: nothing here goes out to a network.
let certificate = '';
https.get = (url, ...rest) => {
  rest.at(-1)(Object.assign(Readable.from([certificate]), { statusCode: 200 }));
  return { on: () => {} };
};

// Standard output is for answers: what an SDK would log there is dropped.
console.log = console.info = console.debug = () => {};

const loaded = new Map();

async function answer(request) {
  if (!loaded.has(request.sdk)) {
    loaded.set(request.sdk, await sdks[request.sdk]());
  }
  const sdk = loaded.get(request.sdk);
  if (request.do === 'sign') {
    const { headers, body, url } = await sdk.sign(request);
    return { headers, body, url };
  }
  try {
    const verdict = await sdk.verify(request);
    return verdict === false || verdict === null ? { refused: String(verdict) } : {};
  } catch (error) {
    return { refused: String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line)))}\n`);
}
