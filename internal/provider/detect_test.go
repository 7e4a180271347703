package provider_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// named makes headers of which the names alone matter.
func named(names ...string) hook.Header {
	var h hook.Header
	for _, name := range names {
		h = append(h, field(name, "x"))
	}
	return h
}

// detect returns the names of those whose message m may be, sorted.
func detect(t *testing.T, m *provider.Message, configured ...string) []string {
	t.Helper()
	profiles, err := library().All()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	d := provider.NewDetector(profiles, func(p *provider.Profile) bool { return slices.Contains(configured, p.Name) })
	for _, p := range d.Detect(m) {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	return names
}

func TestProvidersAreToldApart(t *testing.T) {
	const change = `{"object":"page","entry":[{"id":"1","changes":[{"field":"feed"}]}]}`
	hub256, hub1 := field("X-Hub-Signature-256", "sha256=00"), field("X-Hub-Signature", "sha1=00")
	standard := named("webhook-id", "webhook-timestamp", "webhook-signature")
	for _, test := range []struct {
		name   string
		method string
		url    string
		header hook.Header
		body   string
		want   []string
	}{
		// The names X-Hub-Signature and X-Hub-Signature-256 are used by many.
		{name: "GitHub", header: append(named("X-GitHub-Event", "X-GitHub-Delivery"), hub256, hub1), body: `{"action":"opened"}`, want: []string{"github"}},
		{name: "GitHub with a body like Meta's", header: append(named("X-GitHub-Event", "X-GitHub-Delivery"), hub256, hub1), body: `{"object":"page"}`, want: []string{"github"}},
		{name: "Meta", header: hook.Header{hub256}, body: change, want: []string{"meta"}},
		{name: "Meta with both signatures", header: hook.Header{hub1, hub256}, body: change, want: []string{"meta"}},
		{name: "Bitbucket", header: append(named("X-Event-Key", "X-Hook-UUID"), field("X-Hub-Signature", "sha256=00")), body: `{"push":{}}`, want: []string{"bitbucket"}},
		{name: "Bitbucket without a secret", header: named("X-Event-Key", "X-Hook-UUID"), body: `{"push":{}}`, want: []string{"bitbucket"}},
		{name: "Intercom", header: hook.Header{hub1}, body: `{"type":"notification_event","topic":"user.created"}`, want: []string{"intercom"}},
		{name: "X-Hub-Signature-256 alone", header: hook.Header{hub256}, body: `{"a":1}`},
		{name: "X-Hub-Signature alone", header: hook.Header{hub1}, body: `{"a":1}`},
		{name: "Bitbucket Data Center", header: append(named("X-Event-Key", "X-Request-Id"), field("X-Hub-Signature", "sha256=00")), body: `{}`},

		{name: "question of Meta", method: "GET", url: "/?hub.mode=subscribe&hub.challenge=1&hub.verify_token=t", want: []string{"meta"}},
		{name: "question of another hub", method: "GET", url: "/?hub.mode=subscribe&hub.challenge=1&hub.topic=t"},

		// A family gives way to its members.
		{name: "Standard Webhooks", header: standard, body: `{}`, want: []string{"standard-webhooks"}},
		{name: "GitLab with a signing token", header: append(named("X-Gitlab-Event"), standard...), body: `{}`, want: []string{"gitlab"}},
		{name: "GitLab with a secret token", header: named("X-Gitlab-Event", "X-Gitlab-Token"), body: `{}`, want: []string{"gitlab"}},
		{name: "Svix", header: named("svix-id", "svix-timestamp", "svix-signature"), body: `{}`, want: []string{"svix"}},
		{name: "CloudEvents in headers", header: named("ce-id", "ce-source", "ce-type", "ce-specversion"), body: `{}`, want: []string{"cloudevents"}},
		{name: "CloudEvents as a whole", header: hook.Header{field("content-type", "application/cloudevents+json")}, body: `{}`, want: []string{"cloudevents"}},
		{name: "CloudEvents in a batch", header: hook.Header{field("content-type", "application/cloudevents-batch+json")}, body: `[]`, want: []string{"cloudevents"}},
		{name: "question of CloudEvents", method: "OPTIONS", header: named("WebHook-Request-Origin"), want: []string{"cloudevents"}},
		{name: "delivery of CloudEvents by another", header: append(named("Stripe-Signature"), field("content-type", "application/cloudevents+json")), want: []string{"stripe"}},

		{name: "Discord", header: named("X-Signature-Ed25519", "X-Signature-Timestamp"), body: `{"type":0}`, want: []string{"discord"}},
		{name: "another that signs as Discord", header: named("X-Signature-Ed25519", "X-Signature-Timestamp"), body: `{"op":13}`},
		{name: "Twitch", header: named("Twitch-Eventsub-Message-Id", "Twitch-Eventsub-Message-Type"), body: `{}`, want: []string{"twitch"}},
		{name: "Zoom", header: named("x-zm-signature", "x-zm-request-timestamp"), body: `{}`, want: []string{"zoom"}},
		{name: "Slack", header: named("X-Slack-Signature", "X-Slack-Request-Timestamp"), body: `{}`, want: []string{"slack"}},
		{name: "HubSpot", header: named("X-HubSpot-Signature-v3", "X-HubSpot-Signature"), body: `[]`, want: []string{"hubspot"}},
		{name: "Linear", header: named("linear-signature"), body: `{}`, want: []string{"linear"}},
		{name: "SendGrid", header: named("X-Twilio-Email-Event-Webhook-Signature"), body: `[]`, want: []string{"sendgrid"}},
		{name: "SendGrid without a signature", header: hook.Header{field("User-Agent", "SendGrid Event API")}, body: `[]`, want: []string{"sendgrid"}},
		{name: "Twilio", header: named("X-Twilio-Signature"), body: "a=1", want: []string{"twilio"}},
		{name: "Mailgun", body: `{"signature":{"token":"t","timestamp":"1","signature":"s"},"event-data":{"event":"opened"}}`, want: []string{"mailgun"}},
		{name: "a body with a signature", body: `{"signature":{"token":"t","timestamp":"1"}}`},
		{name: "Calendly", header: named("Calendly-Webhook-Signature"), body: `{}`, want: []string{"calendly"}},
		{name: "Typeform", header: named("Typeform-Signature"), body: `{}`, want: []string{"typeform"}},
		{name: "WooCommerce", header: named("X-WC-Webhook-Topic"), body: `{}`, want: []string{"woocommerce"}},
		{name: "ping of WooCommerce", header: hook.Header{field("User-Agent", "WooCommerce/9.0.0 Hookshot (WordPress/6.6)")}, body: "webhook_id=3", want: []string{"woocommerce"}},
		{name: "DocuSign", header: named("X-DocuSign-Signature-1", "X-DocuSign-Signature-2"), body: `{}`, want: []string{"docusign"}},
		{name: "Xero", header: named("x-xero-signature"), body: `{}`, want: []string{"xero"}},
		{name: "nobody", header: named("X-Acme-Signature"), body: `{"type":"x","id":"1"}`},
		{name: "nothing at all"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &provider.Message{Method: test.method, URL: "https://example.com" + test.url, Header: test.header, Body: []byte(test.body)}
			if got := detect(t, m); !slices.Equal(got, test.want) {
				t.Errorf("want %v, got %v", test.want, got)
			}
		})
	}
}

func TestSeveralThatFitAreAllReturned(t *testing.T) {
	both := named("Stripe-Signature", "Typeform-Signature")
	svix := named("svix-id", "svix-timestamp", "svix-signature")
	for _, test := range []struct {
		name       string
		header     hook.Header
		configured []string
		want       []string
	}{
		{"none is configured", both, nil, []string{"stripe", "typeform"}},
		{"one is configured", both, []string{"typeform"}, []string{"typeform"}},
		{"both are configured", both, []string{"typeform", "stripe"}, []string{"stripe", "typeform"}},
		{"another is configured", both, []string{"github"}, []string{"stripe", "typeform"}},
		{"one that counts when it is configured, and is not", svix, nil, []string{"svix"}},
		{"one that counts when it is configured, and is", svix, []string{"clazar"}, []string{"clazar"}},
		{"two by the same mark", svix, []string{"clazar", "svix"}, []string{"clazar", "svix"}},
		{"a family, and one that looks like it", named("webhook-id", "webhook-timestamp", "webhook-signature"), []string{"clazar", "standard-webhooks"}, []string{"clazar", "standard-webhooks"}},
		{"the family alone is configured", append(named("X-Gitlab-Event"), named("webhook-id", "webhook-signature")...), []string{"standard-webhooks"}, []string{"standard-webhooks"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := detect(t, &provider.Message{Method: "POST", Header: test.header, Body: []byte(`{}`)}, test.configured...); !slices.Equal(got, test.want) {
				t.Errorf("want %v, got %v", test.want, got)
			}
		})
	}
}

func TestHostileMessagesAreDetectedAsNobodys(t *testing.T) {
	many := make(hook.Header, 0, 10_000)
	for range cap(many) {
		many = append(many, field(strings.Repeat("x", 100), "x"))
	}
	for name, m := range map[string]*provider.Message{
		"many headers with long names": {Header: many},
		"deep body":                    {Body: []byte(strings.Repeat(`{"signature":`, 100_000))},
		"name without an end":          {Body: []byte(`{"signature":{"token":"`)},
		"URL that is none":             {Method: "GET", URL: "%zz?hub.mode=%zz&hub.challenge&hub.verify_token"},
	} {
		if got := detect(t, m); got != nil {
			t.Errorf("%s: want nobody, got %v", name, got)
		}
	}
}
