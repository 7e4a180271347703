package cli

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/archive"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/spf13/cobra"
)

type signOptions struct {
	providerOptions
	event     string
	body      string
	id        string
	timestamp timestamp
	url       string
	method    string
	header    headers
	format    choice
}

func newSign(a *app) *cobra.Command {
	o := &signOptions{format: choice{value: "headers", valid: []string{"headers", "json", "curl", "http"}}}
	cmd := &cobra.Command{
		Use:   "sign --provider PROVIDER --body FILE [flags]",
		Short: "print the headers a provider sends with a body",
		Long: `Print the headers that a provider sends with a body: the event, its id and time,
the content type and the signature, or all signatures where it sends several.

The secret is that of --secret, else that of hookctl.yaml, else the local one of
hookctl secret.
` + secretRefHelp + `
Where a key pair signs, the secret is the private key: PEM, or a seed in
hexadecimal.

  headers  lines "Name: value", as curl takes them with --header @FILE
  json     one object: {"headers": {"Name": "value"}}, with "body" where signing
           changed it
  curl     a shell command that sends it
  http     the message as it goes over the wire`,
		Example: `  hookctl sign --provider recharge --event order/created --body order.json \
    --secret env:RECHARGE_SECRET
  hookctl sign --provider stripe --body event.json --format curl \
    --url http://localhost:3000/hooks
  echo '{}' | hookctl sign --provider github --event ping --body - \
    --secret file:secret.txt --format json`,
		GroupID: groupSend,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSign(a, o)
		},
	}
	flags := cmd.Flags()
	o.flags(flags, "sign")
	flags.StringVar(&o.event, "event", "", "`TYPE` of the event (default: what the body says)")
	flags.StringVar(&o.body, "body", "", "body to sign, from `FILE`, or - for standard input")
	flags.StringVar(&o.id, "id", "", "`ID` of the event (default: a new one)")
	flags.Var(&o.timestamp, "timestamp", "sign for `TIME`: seconds since 1970, or RFC 3339 (default: now)")
	flags.StringVar(&o.url, "url", "", "`URL` that it is sent to; some providers sign it")
	flags.StringVar(&o.method, "method", "POST", "request `METHOD`; some providers sign it")
	flags.Var(&o.header, "header", "add `'NAME: VALUE'`, or put it in the place of the provider's; may be repeated")
	flags.Var(&o.format, "format", "print as `FORMAT`: headers, json, curl or http")
	markPath(flags, "body")
	return cmd
}

func runSign(a *app, o *signOptions) error {
	if o.provider == "" {
		return usage("hookctl provider list shows them", "sign: --provider is missing")
	}
	if o.body == "" {
		return usage("--body FILE names it, --body - reads standard input", "sign: --body is missing")
	}
	known, err := o.load(a, o.provider)
	if err != nil {
		return err
	}
	keys := known.signingKeys()
	if len(keys) == 0 && len(known.Signatures.Schemes) > 0 {
		return noSecret(known)
	}
	body, err := a.openInput(o.body)
	if err != nil {
		return err
	}
	draft, err := o.draft(a, known, body)
	if err != nil {
		return err
	}
	signed, err := signature.Sign(known.Profile, draft, keys, rand.Reader)
	if err != nil {
		return usage("hookctl provider show "+known.Name+" says which secret is meant", "signing for %s: %w", known.Name, err)
	}
	return o.print(a, signed)
}

// draft is what is to be signed.
func (o *signOptions) draft(a *app, known *knownProvider, body hook.Body) (signature.Draft, error) {
	d := signature.Draft{
		Method: strings.ToUpper(o.method), URL: orDefault(o.url, known.url),
		Event: o.event, ID: o.id, At: o.timestamp.or(a.world.Now()), Header: hook.Header(o.header),
	}
	if whole, ok := body.(hook.Bytes); ok {
		d.Body = whole
	} else {
		d.Large = body
	}
	for flag, text := range map[string]string{"event": o.event, "id": o.id, "method": o.method} {
		if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return d, usage("", "--%s: want text without control characters, got %q", flag, text)
		}
	}
	needs := known.Needs()
	if d.Event == "" {
		message := &provider.Message{Method: d.Method, Body: d.Body, Large: d.Large}
		if err := message.Load(); err != nil {
			return d, cannot("", err)
		}
		d.Event = known.EventOf(message).Type
	}
	switch {
	case d.Event == "" && needs[provider.PlaceEvent]:
		return d, usage("such as --event "+orDefault(known.Event.Example, "order/created"), "sign: --event is missing: %s sends the event's type in a header", known.Name)
	case o.id != "" && !needs[provider.PlaceID]:
		return d, usage("put it into the body, or leave --id out", "sign: --id: %s sends no id in its headers", known.Name)
	case d.URL == "" && needs[provider.PlaceURL]:
		return d, usage("--url URL gives it, or url: under "+known.Name+" in hookctl.yaml", "sign: --url is missing: %s signs the URL that it sends to", known.Name)
	case d.URL == "":
		d.URL = "http://127.0.0.1:4400/" + known.Name
	}
	to, err := parseTarget(d.URL)
	if err != nil {
		return d, err
	}
	if !strings.Contains(d.URL, "://") {
		d.URL = to.String()
	}
	return d, nil
}

func (o *signOptions) print(a *app, signed *signature.Signed) error {
	if signed.InBody && o.format.value == "headers" {
		a.messages().Warn("the signature stands in the body; --format json, curl or http shows it")
	}
	format := o.format.value
	if a.global.json {
		format = "json"
	}
	w := bufio.NewWriter(a.world.Stdout)
	if err := writeSigned(w, signed, format); err != nil {
		return err
	}
	return w.Flush()
}

// writeSigned writes a message in one of the formats of sign.
func writeSigned(w io.Writer, signed *signature.Signed, format string) error {
	m := signed.Message
	switch format {
	case "json":
		return writeSignedJSON(w, signed)
	case "curl", "http":
		c, err := captureOf(m)
		if err != nil {
			return err
		}
		o := archive.Options{Reveal: true, URL: m.URL}
		if format == "http" {
			return archive.WriteHTTP(w, c, o)
		}
		return archive.WriteCurl(w, c, o)
	}
	for _, f := range m.Header {
		if _, err := fmt.Fprintf(w, "%s: %s\n", f.Name, render.Safe(f.Value)); err != nil {
			return err
		}
	}
	return nil
}

// writeSignedJSON writes the headers in their order, and the body where signing
// has changed it.
func writeSignedJSON(w io.Writer, signed *signature.Signed) error {
	object := []byte(`{"headers":{`)
	for i, f := range signed.Message.Header {
		name, err := jsontext.Marshal(f.Name)
		if err != nil {
			return err
		}
		value, err := jsontext.Marshal(f.Value)
		if err != nil {
			return err
		}
		if i > 0 {
			object = append(object, ',')
		}
		object = append(append(append(object, name...), ':'), value...)
	}
	object = append(object, '}')
	if body := signed.Message.Body; signed.InBody && utf8.Valid(body) {
		text, err := jsontext.Marshal(string(body))
		if err != nil {
			return err
		}
		object = append(append(object, `,"body":`...), text...)
	}
	_, err := w.Write(append(object, '}', '\n'))
	return err
}

// captureOf is m as a capture, for the writers of archive.
func captureOf(m *provider.Message) (*hook.Capture, error) {
	to, err := url.Parse(m.URL)
	if err != nil {
		return nil, err
	}
	c := &hook.Capture{Method: m.Method, Target: to.RequestURI(), Proto: "HTTP/1.1", HeadersExact: true, Body: hook.Bytes(m.Body)}
	if m.Body == nil && m.Large != nil {
		c.Body = m.Large
	}
	c.BodySize = c.Body.Size()
	c.Header = append(hook.Header{{Name: "Host", Value: to.Host}}, m.Header...)
	return c, nil
}

// timestamp is a point in time: seconds or milliseconds since 1970, or RFC 3339.
type timestamp struct{ at time.Time }

func (t *timestamp) Type() string { return "TIME" }

func (t *timestamp) String() string {
	if t.at.IsZero() {
		return ""
	}
	return t.at.Format(time.RFC3339Nano)
}

func (t *timestamp) Set(text string) error {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && n >= 0 {
		t.at = time.Unix(n, 0)
		if len(text) >= 13 {
			t.at = time.UnixMilli(n)
		}
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return fmt.Errorf("want seconds since 1970, or a time such as 2026-11-21T08:00:00Z, got %q", text)
	}
	t.at = at
	return nil
}

// or is the time, or now where none was given.
func (t *timestamp) or(now time.Time) time.Time {
	if t.at.IsZero() {
		return now
	}
	return t.at
}

func orDefault(text, standard string) string {
	if text == "" {
		return standard
	}
	return text
}
