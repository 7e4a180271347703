package signature

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// inWords explains a verdict that says by itself what is wrong. It is nil for a
// mismatch, which does not.
func (e *explainer) inWords() *Cause {
	c := &Cause{Scheme: e.verdict.Scheme, What: e.verdict.Detail}
	switch e.verdict.Reason {
	case Missing:
		e.sayMissing(c)
	case Malformed:
		e.sayMalformed(c)
	case Incomplete:
		e.sayIncomplete(c)
	case Uncovered:
		c.ID = "content-uncovered"
		c.Why = "the signature does not cover all that this provider's must, so it proves nothing of the rest"
		c.Fix = "do not accept it; a sender that is the provider's covers more"
	case BadSecret:
		c.ID = "secret-form"
		c.Why = "the secret is of another provider, is not whole, or is no signing secret but another key"
		c.Fix = "copy the " + orElse(e.profile.Secret.Name, "secret") + " from the provider's page again"
	case NoSecret:
		c.ID, c.Fix = "secret-missing", "give the "+orElse(e.profile.Secret.Name, "secret")+" of this endpoint"
	case Unsigned:
		c.ID, c.Why = "unsigned", "there is nothing in these messages that proves who sent them"
		c.Fix = "protect the endpoint otherwise: a secret in its URL, or a list of addresses"
	case NoScheme:
		c.ID, c.Why = "scheme-none", "none of the provider's ways of signing is for requests like this one"
		c.Fix = "check that the request is " + titleOf(e.profile) + "'s"
	default:
		return nil
	}
	return c
}

// giveURL tells how to say what URL a message was sent to.
const giveURL = "give the URL that is registered with the provider: with --url, or as url: under the provider in hookctl.yaml"

// sayIncomplete explains that something that is signed is not there.
func (e *explainer) sayIncomplete(c *Cause) {
	if e.lacksURL(c.What) {
		c.ID = "content-url-unknown"
		c.Why = "the URL that the message was sent to is part of what is signed, and nothing says which one that is"
		c.Fix = giveURL
		return
	}
	c.ID = "content-incomplete"
	c.Why = "the signature covers it, and it is not in the message: a proxy removed it, or it was not passed on"
	c.Fix = "pass on all headers of the message"
}

// lacksURL reports whether a detail is that the URL, or a part of it, is missing.
func (e *explainer) lacksURL(detail string) bool {
	for _, s := range e.verifier.schemes {
		for place := range s.Content.Places() {
			if ofURL(&place) && s.Name == e.verdict.Scheme && strings.HasPrefix(detail, "there is no "+place.Words()) {
				return true
			}
		}
	}
	return false
}

// ofURL reports whether p is the URL or a part of it.
func ofURL(p *provider.Place) bool {
	switch p.Kind {
	case provider.PlaceURL, provider.PlaceHost, provider.PlacePath, provider.PlaceTarget, provider.PlaceQuery:
		return true
	}
	return false
}

// sayMissing explains that there is no signature, or not all that belongs to it.
func (e *explainer) sayMissing(c *Cause) {
	if present, _ := e.verifier.split(e.message); len(present) > 0 && c.Scheme != "" {
		c.ID = "timestamp-missing"
		c.Why = "the time is part of what is signed, and was not passed on with the signature"
		c.Fix = "pass on all headers of the message"
		return
	}
	c.ID = "signature-missing"
	here := e.signaturesHere()
	if len(here) == 0 {
		c.Why = "nothing in the message looks like a signature: it was not sent by " + titleOf(e.profile) + ", no secret is set there, or a proxy removed the header"
		c.Fix = "set a secret where the webhook is set up, and pass on all headers"
		return
	}
	c.Why = strings.Join(here, "; ")
	c.Fix = "verify the message as the provider that sent it"
}

// sayMalformed explains a signature that cannot be read.
func (e *explainer) sayMalformed(c *Cause) {
	if strings.HasPrefix(c.What, notJSON) {
		c.ID = "body-malformed"
		c.Why = "receivers differ in what they read in such a body, and the signature does not cover all of it"
		c.Fix = "pass on the body as it was sent; do not accept it otherwise"
		return
	}
	for _, s := range e.verifier.schemes {
		text, _, ok := s.find(scopeOf(e.profile, s.Scheme, e.message))
		switch {
		case s.Name != e.verdict.Scheme || s.Codec != "" || !ok:
		case strings.TrimSpace(text) == "":
			c.ID = "signature-empty"
			c.Why = "whoever made the header had nothing to put into it: the secret was not set, or the signing failed"
			c.Fix = "find out why the sender has no signature; do not accept the message"
			return
		case saysTime(s.Scheme, c.What):
			c.ID = "timestamp-malformed"
			c.Why = "the timestamp is not " + s.Timestamp.Unit.Words() + ", as this provider's are, and the signature does not match either"
			c.Fix = "pass on the timestamp as it was sent"
			return
		}
	}
	c.ID = "signature-malformed"
	c.Why = "it is not written as this provider writes it, and in none of the other forms that were tried does it match"
	c.Fix = "compare the header with one that the provider sent"
}

// saysTime reports whether a detail is one on the timestamp of s.
func saysTime(s *provider.Scheme, detail string) bool {
	return s.Timestamp != nil && slices.ContainsFunc(s.Timestamp.From, func(p provider.Place) bool { return strings.HasPrefix(detail, p.Words()+": ") })
}

// timeOf is the time of the signature by the scheme that decided.
func (e *explainer) timeOf() (*provider.Scheme, string, time.Time, bool) {
	for _, s := range e.verifier.schemes {
		if s.Name != e.verdict.Scheme || s.Timestamp == nil || s.Codec != "" {
			continue
		}
		scope := scopeOf(e.profile, s.Scheme, e.message)
		if text, _, ok := s.find(scope); ok {
			if parsed, err := parseValue(s.Scheme, text); err == nil {
				scope.Part = parsed.part
			}
		}
		at, err := timestampOf(s.Scheme, scope)
		return s.Scheme, scope.Timestamp, at, err == nil
	}
	return nil, "", time.Time{}, false
}

// causeOfAge explains a signature that holds, but is of another time.
func (e *explainer) causeOfAge() *Cause {
	c := &Cause{ID: "stale", Scheme: e.verdict.Scheme, What: e.verdict.Detail}
	c.Why = "the message was kept and sent again, or this machine's clock is ahead: an old signature is refused so that nobody can replay it"
	c.Fix = "for a captured message, verify as of the time it came, or allow it a greater tolerance; for a fresh one, set the clock"
	if e.verdict.Reason == Future {
		c.ID = "future"
		c.Why = "this machine's clock is behind, or the sender's is ahead"
		c.Fix = "set the clock: it should follow NTP"
	}
	s, text, at, ok := e.timeOf()
	if !ok {
		return c
	}
	off := e.given.Now.Sub(at)
	for _, unit := range []provider.TimeUnit{provider.Seconds, provider.Milliseconds} {
		meant, err := provider.ParseTime(text, unit)
		if unit != s.Timestamp.Unit && err == nil && e.given.Now.Sub(meant).Abs() < off.Abs()/100 {
			c.ID = "timestamp-unit"
			c.What = "the signature holds, but its timestamp is written in " + unit.Words() + ", where " + s.Timestamp.Unit.Words() + " is expected"
			c.Why = "whatever signed this wrote the time as its language has it: JavaScript in milliseconds, Python and PHP in seconds"
			c.Fix = "send the timestamp in " + s.Timestamp.Unit.Words()
			return c
		}
	}
	if hours, yes := wholeZone(off); yes {
		c.Why += "; it is " + hours + " off to the minute, which is what a local time taken for UTC makes"
		if e.verdict.Reason == Future {
			c.ID, c.Fix = "timestamp-zone", "write the time in UTC, as in Date.now() or time.time()"
		}
	}
	return c
}

// wholeZone reports whether a time is off by as much as a time zone is.
func wholeZone(off time.Duration) (string, bool) {
	const step, slack, most = 30 * time.Minute, time.Minute, 14*time.Hour + time.Minute
	nearest := off.Round(step).Abs()
	if nearest < step || nearest > most || (off.Abs()-nearest).Abs() > slack {
		return "", false
	}
	return provider.Duration(nearest).String(), true
}

// causeOfDuplicate explains a header, or key of the body, that is there more than once.
func (e *explainer) causeOfDuplicate() *Cause {
	c := &Cause{
		ID: "duplicate", Scheme: e.verdict.Scheme, What: e.verdict.Detail,
		Why: "a proxy or a test script added the header to one that was there",
		Fix: "send it once",
	}
	if !strings.HasPrefix(c.What, "header ") {
		c.Why = "the signature does not cover the whole body, so that anybody can add to it"
	}
	for _, s := range e.verifier.schemes {
		name, twice := s.repeated(e.message.Header)
		if s.Name != e.verdict.Scheme || !twice {
			continue
		}
		values := e.message.Header.Values(name)
		for i := range min(len(values), maxHeaders) {
			if len(values) == 1 || !e.meter.spend(len(e.message.Body)) {
				break
			}
			m := plainCopy(e.message)
			m.Header = append(m.Header.Without(func(n string) bool { return strings.EqualFold(n, name) }), hook.Field{Name: name, Value: values[i]})
			if holds(e.verifier.judge(s, m, e.given.Now)) {
				c.Why = fmt.Sprintf("of its %d values number %d alone would verify; ", len(values), i+1) + c.Why
				break
			}
		}
	}
	return c
}

// causeOfDigest looks for the form of the body whose digest is signed.
func (e *explainer) causeOfDigest() *Cause {
	for _, s := range e.verifier.schemes {
		if s.Name != e.verdict.Scheme {
			continue
		}
		if s.Codec != "" {
			h := newCodecHunt(e, s.Scheme)
			found := h.singleBodies(e.bodyForms())
			e.rule(h.count.singles()...)
			return found
		}
		return e.bodyOfDigest(s.Scheme)
	}
	return nil
}

func (e *explainer) bodyOfDigest(s *provider.Scheme) *Cause {
	tried := 0
	for _, f := range e.bodyForms() {
		if !e.meter.spend(2*len(e.message.Body) + workOfTrial) {
			break
		}
		text, ok := f.make()
		if !ok {
			continue
		}
		tried++
		m := plainCopy(e.message)
		m.Body = text
		if checkDigest(s, &provider.Scope{Message: m}) == nil {
			return causeOf(s.Name, []mistake{f.mistake})
		}
	}
	e.rule(counted(tried, "other form of the body", "other forms of the body"))
	return nil
}

// hints are what may be wrong but cannot be proven.
func (e *explainer) hints() []string {
	var hints []string
	add := func(applies bool, text string) {
		if applies {
			hints = appendNew(hints, text)
		}
	}
	m := e.message
	encoding := m.Header.Get("Content-Encoding")
	add(encoding != "" && !strings.EqualFold(encoding, "identity"), "the body came with Content-Encoding "+shortName(encoding)+": if the signature is of the compressed bytes, they are needed, for compressing again gives others")
	if stated, err := strconv.Atoi(m.Header.Get("Content-Length")); err == nil && stated != len(m.Body) {
		hints = append(hints, fmt.Sprintf("Content-Length says %d bytes, and the body has %d: it is not the one that was sent", stated, len(m.Body)))
	}
	hints = append(hints, e.bodyHints()...)
	for _, s := range e.verifier.schemes {
		add(s.Codec == "" && signsURL(s.Scheme) && m.URL != "", "the URL is part of what is signed: it must be the one that the provider has, "+shortURL(m.URL)+" is what was tried")
		add(s.Codec == "" && signsURL(s.Scheme) && m.URLGuessed, "that URL is a guess: "+giveURL)
	}
	if e.verdict.Reason == NoScheme || e.verdict.Reason == Unsigned {
		hints = append(hints, e.schemeHints()...)
	}
	for _, k := range e.given.Keys {
		hints = append(hints, e.aboutSecret(k)...)
	}
	add(e.verdict.Reason == Mismatch, "what remains: the secret is that of another endpoint, account or mode (test, live), or was changed; or the body or the signature is not as it was sent")
	return hints
}

// shortURL is a URL in which the query, which may have a secret in it, is not shown.
func shortURL(text string) string {
	bare, _, asked := strings.Cut(text, "?")
	if at := strings.LastIndexByte(bare, '@'); at >= 0 {
		bare = bare[at+1:]
	}
	if asked {
		return bare + "?… (with its query, which is not shown)"
	}
	return bare
}

// aboutSecret says what is strange about a secret, without telling it.
func (e *explainer) aboutSecret(k Key) []string {
	var hints []string
	text := strings.TrimSpace(k.Secret)
	switch {
	case regexp.MustCompile(`^(\$\{?|%|process\.env\.|\{\{)[A-Za-z_]`).MatchString(text):
		hints = append(hints, k.Name+" looks like the name of a variable, and not like its value: single quotes keep a shell from putting the value in")
	case regexp.MustCompile(`^<.*>$|^[xX*.•]+$|(?i)^(your|my|the)[-_ ].*secret`).MatchString(text):
		hints = append(hints, k.Name+" looks like a stand-in for a secret")
	case strings.ContainsAny(text, "*•…"):
		hints = append(hints, k.Name+" has characters in it that pages put in the place of a secret's own")
	}
	if found := regexp.MustCompile(`^(sk|pk|rk)_(live|test)_`).FindString(text); found != "" {
		hints = append(hints, k.Name+" begins with "+found+": that is an API key; signing secrets are shown beside the endpoint")
	}
	if prefix := e.profile.Secret.Prefix; prefix != "" && !strings.HasPrefix(text, prefix) && len(hints) == 0 {
		hints = append(hints, k.Name+" does not begin with "+prefix+", as secrets of "+titleOf(e.profile)+" do")
	}
	return hints
}
