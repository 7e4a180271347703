package cli

import (
	"context"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/internal/store"
	"github.com/spf13/cobra"
)

type verifyOptions struct {
	providerOptions
	capture   string
	body      string
	header    []string
	url       string
	method    string
	now       timestamp
	tolerance tolerance
	explain   bool
	reveal    bool
}

func newVerify(a *app) *cobra.Command {
	o := &verifyOptions{}
	cmd := &cobra.Command{
		Use:   "verify [CAPTURE] [flags]",
		Short: "check a signature, and say why it fails",
		Long: `Check the signature of a capture, or of a body with its headers. The bytes are
taken as they are. The provider is that of --provider, else that of the capture,
else the one whose headers these are.

The secret is that of --secret, else those of hookctl.yaml, else the local one
of hookctl secret.
` + secretRefHelp + `
Where a key pair signs, the secret is the public key: PEM, base64 or
hexadecimal.

With --explain a signature that fails is tried against what people really hit: a
body that was parsed and written again, a line break more, a secret not decoded,
another encoding, algorithm, time or URL. What matches is named, with what to do
about it.

The exit status is 0 only for a verified signature, 1 for any other, and 2 where
there is no secret to check with.`,
		Example: `  hookctl verify last --secret env:STRIPE_SECRET --explain
  hookctl verify --provider github --secret file:secret.txt --body body.json \
    --header 'X-Hub-Signature-256: sha256=…'
  hookctl verify --provider slack --body - --header @headers.txt \
    --now 1700000000 < body.json`,
		GroupID:           groupCheck,
		ValidArgsFunction: a.completeCaptures,
		Args:              atMostOne("capture"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				o.capture = args[0]
			}
			return runVerify(cmd.Context(), a, o)
		},
	}
	flags := cmd.Flags()
	o.flags(flags, "verify")
	flags.StringVar(&o.body, "body", "", "body to verify, from `FILE`, or - for standard input")
	flags.StringArrayVar(&o.header, "header", nil, "header of the request, as `'NAME: VALUE'`, or a file of such lines as @FILE; may be repeated")
	flags.StringVar(&o.url, "url", "", "`URL` that it was sent to; some providers sign it")
	flags.StringVar(&o.method, "method", "POST", "request `METHOD`; some providers sign it")
	flags.Var(&o.now, "now", "judge the signature's age at `TIME`: seconds since 1970, or RFC 3339 (default: of a capture when it came, else now)")
	flags.Var(&o.tolerance, "tolerance", "greatest age of a signature, as `PERIOD`, or any (default: what the provider says)")
	flags.BoolVar(&o.explain, "explain", false, "say what would make the signature match")
	flags.BoolVar(&o.reveal, "reveal", false, "print the signature that was expected")
	markPath(flags, "body")
	return cmd
}

func runVerify(ctx context.Context, a *app, o *verifyOptions) error {
	subject, err := o.subject(ctx, a)
	if err != nil {
		return err
	}
	known, err := o.known(a, subject)
	if err != nil {
		return err
	}
	if err := checkKeys(known, known.keys); err != nil {
		return err
	}
	if known.url != "" && o.url == "" {
		subject.message.URL, subject.message.URLGuessed = known.url, false
	}
	verifier := signature.NewVerifier(known.Profile, known.keys, signature.Options{Tolerance: o.tolerance.limit()})
	report := verifyReport{Provider: known.Name, Capture: subject.id, Verification: verifier.Verify(subject.message, subject.at)}
	if report.Verification.Reason == signature.NoSecret {
		return noSecret(known)
	}
	if o.reveal {
		report.Expected = verifier.Expected(subject.message)
	}
	if o.explain && report.Verification.Outcome != hook.Verified {
		if report.explanation, err = o.explanation(a, known, subject); err != nil {
			return err
		}
	}
	if err := report.print(a); err != nil {
		return err
	}
	if report.Verification.Outcome != hook.Verified {
		return found()
	}
	return nil
}

// A subject is what is verified.
type subject struct {
	message  *provider.Message
	at       time.Time // when its age is judged
	id       hook.ID   // of the capture, if it is one
	provider string    // that the capture was taken for
}

// subject reads the capture, or the body and headers of the flags.
func (o *verifyOptions) subject(ctx context.Context, a *app) (*subject, error) {
	header, err := a.readHeaders(o.header)
	if err != nil {
		return nil, err
	}
	switch {
	case o.capture != "" && o.body != "":
		return nil, usage("leave one of them out", "verify: a capture and --body exclude each other")
	case o.capture != "":
		return o.capturedSubject(ctx, a, header)
	case o.body == "":
		return nil, usage("hookctl verify last takes the latest capture, --body FILE a file, --body - standard input", "verify: there is nothing to verify")
	}
	body, err := a.readInput(o.body)
	if err != nil {
		return nil, err
	}
	return &subject{
		message: &provider.Message{Method: o.method, URL: o.url, Header: hook.Header(header), Body: body},
		at:      o.now.or(a.world.Now()),
	}, nil
}

func (o *verifyOptions) capturedSubject(ctx context.Context, a *app, header headers) (*subject, error) {
	var found *subject
	err := a.withStore(readOnly, func(s *store.Store) error {
		c, err := s.Find(ctx, o.capture)
		if err != nil {
			return err
		}
		found, err = subjectOf(c, header)
		return err
	})
	if err != nil {
		return nil, err
	}
	if o.url != "" {
		found.message.URL, found.message.URLGuessed = o.url, false
	}
	found.at = o.now.or(found.at)
	return found, nil
}

// subjectOf is a capture as it is verified: at the time when it came, its fields
// replaced by those of header.
func subjectOf(c *hook.Capture, header headers) (*subject, error) {
	body, err := hook.ReadBody(c.Body)
	if err != nil {
		return nil, cannot("", err)
	}
	s := &subject{
		message: &provider.Message{
			Method: c.Method, URL: provider.GuessURL(c), URLGuessed: true, Body: body,
			Header: append(c.Header.Without(hook.Header(header).Has), header...),
		},
		at: c.ReceivedAt, id: c.ID,
	}
	if c.Identity != nil {
		s.provider = c.Identity.Provider
	}
	return s, nil
}

// known finds the provider: the flag's, the capture's, or that whose message it is.
func (o *verifyOptions) known(a *app, s *subject) (*knownProvider, error) {
	name := orDefault(o.provider, s.provider)
	if name != "" {
		return o.load(a, name)
	}
	fitting, err := a.detect(s.message)
	if err != nil {
		return nil, err
	}
	switch len(fitting) {
	case 0:
		return nil, a.unknownSender(s.message)
	case 1:
		return o.load(a, fitting[0].Name)
	}
	var names []string
	for _, p := range fitting {
		names = append(names, p.Name)
	}
	return nil, usage("--provider NAME says which", "verify: the headers fit several providers: %s", strings.Join(names, ", "))
}

// unknownSender is the failure of a message that no profile takes for its own. It
// names those whose signature could be there.
func (a *app) unknownSender(m *provider.Message) error {
	all, err := a.allProviders()
	if err != nil {
		return err
	}
	var names []string
	for _, known := range all {
		if signature.Present(known.Profile, m) {
			names = append(names, known.Name)
		}
	}
	if len(names) == 0 {
		return usage("--provider NAME says whose; hookctl provider list shows the names", "verify: the headers are those of no known provider")
	}
	return usage("--provider NAME says whose", "verify: the headers do not say whose they are; a signature is there as these have it: %s", strings.Join(names, ", "))
}

// detect returns the profiles whose message m is by its own marks.
func (a *app) detect(m *provider.Message) ([]*provider.Profile, error) {
	all, err := a.allProviders()
	if err != nil {
		return nil, err
	}
	configured := map[*provider.Profile]bool{}
	var profiles []*provider.Profile
	for _, known := range all {
		profiles = append(profiles, known.Profile)
		configured[known.Profile] = known.configured
	}
	return provider.NewDetector(profiles, func(p *provider.Profile) bool { return configured[p] }).Detect(m), nil
}

// tolerance is a period, or any.
type tolerance struct{ set *time.Duration }

func (t *tolerance) Type() string { return "PERIOD" }

func (t *tolerance) String() string {
	if t.set == nil {
		return ""
	}
	return provider.Duration(*t.set).String()
}

func (t *tolerance) Set(text string) error {
	var d provider.Duration
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return err
	}
	t.set = (*time.Duration)(&d)
	return nil
}

func (t *tolerance) limit() *time.Duration { return t.set }
