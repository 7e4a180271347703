package cli

import (
	"crypto/rand"
	"net/url"
	"strings"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/replay"
)

// A replayTarget is where captures are sent again.
type replayTarget struct {
	url      *url.URL
	endpoint *knownEndpoint // nil for a URL of the command line
}

// target finds the target.
func (o *replayOptions) target(a *app) (replayTarget, error) {
	if o.Endpoint == "" {
		to, err := parseTarget(o.To)
		return replayTarget{url: to}, err
	}
	endpoints, err := a.endpoints()
	if err != nil {
		return replayTarget{}, err
	}
	e, err := endpoints.find(o.Endpoint)
	if err != nil {
		return replayTarget{}, err
	}
	return replayTarget{url: e.URL, endpoint: e}, nil
}

// name is the target for people.
func (t replayTarget) name() string {
	if t.endpoint != nil {
		return t.endpoint.Name
	}
	return hook.DisplayURL(t.url)
}

// urlOf is the URL that a capture goes to, as attempts have it: that of an endpoint is taken
// as it is.
func (t replayTarget) urlOf(c *hook.Capture) string {
	if t.endpoint != nil {
		return t.url.Scheme + "://" + t.url.Host + t.url.RequestURI()
	}
	return t.url.Scheme + "://" + t.url.Host + hook.JoinTarget(t.url, c.Target)
}

// got reports whether a, an attempt with the capture whose URL here is to, was one at t.
func (t replayTarget) got(a *hook.Attempt, to string) bool {
	if t.endpoint != nil && a.Endpoint != "" {
		return a.Endpoint == t.endpoint.Name
	}
	return a.URL == to || onePlace(a.URL) == onePlace(to)
}

// onePlace is a URL with the names of this machine made one, and without the port that its
// scheme has anyway: what is the same place is then the same text.
func onePlace(url string) string {
	scheme, rest, _ := strings.Cut(url, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	scheme, host := strings.ToLower(scheme), strings.ToLower(rest[:end])
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme])
	for _, here := range []string{"127.0.0.1", "[::1]"} {
		if port, ok := strings.CutPrefix(host, here); ok && (port == "" || port[0] == ':') {
			host = "localhost" + port
		}
	}
	target := rest[end:]
	if target == "" {
		target = "/"
	}
	return scheme + "://" + host + target
}

// refuseFar refuses to send more than one request to another machine, unless told to.
func (o *replayOptions) refuseFar(t replayTarget) error {
	if o.yes || o.dryRun || o.single() || elsewhere(t.url) == nil {
		return nil
	}
	return usage("--yes sends them, --dry-run shows them", "replay: more than one request may go to %s, which is not on this machine", t.url.Host)
}

// maker returns what makes captures requests to t.
func (o *replayOptions) maker(a *app, t replayTarget, edited []byte) (*replay.Maker, error) {
	edits, err := parseBodyEdits(o.Set, o.Unset)
	if err != nil {
		return nil, err
	}
	m := &replay.Maker{
		To: t.url, Exact: t.endpoint != nil, Method: o.Method, Sign: o.Sign, NewID: o.NewID, Deadline: o.Timeout,
		Now: a.world.Now, Random: rand.Reader,
		FreshID: func(value []byte) ([]byte, error) { return freshID(value, a.world.Now(), rand.Reader) },
		Party:   func(name string) (*replay.Party, error) { return o.party(a, t, name) },
	}
	var own headers
	if err := own.Replace(o.Header); err != nil {
		return nil, err
	}
	if t.endpoint != nil {
		m.Header = t.endpoint.Header.Without(hook.Header(own).Has)
	}
	m.Header = append(m.Header, own...)
	if len(edits) > 0 || edited != nil {
		m.Edit = func(body []byte) ([]byte, error) {
			if edited != nil {
				body = edited
			}
			return editBody(body, edits)
		}
	}
	return m, nil
}

// party finds the provider whose captures are meant: the one of --provider, that of the
// endpoint, or the one called name, that of the capture. Nothing is known of captures of
// nobody, nor, as long as nothing is signed, of a provider that is gone.
func (o *replayOptions) party(a *app, t replayTarget, name string) (*replay.Party, error) {
	forced := o.Provider
	if forced == "" && t.endpoint != nil {
		forced = t.endpoint.Provider
	}
	if name = orDefault(forced, name); name == "" {
		return nil, nil
	}
	source := providerOptions{provider: name, secrets: o.Secret}
	known, err := source.load(a, name)
	if err != nil {
		if forced == "" && o.Sign == replay.SignOriginal {
			return nil, nil
		}
		return nil, err
	}
	profile, keys := known.Profile, known.signingKeys()
	if t.endpoint != nil && o.Provider == "" {
		if profile, err = t.endpoint.profileFor(a, name); err != nil {
			return nil, err
		}
		if len(o.Secret) == 0 && t.endpoint.keys != nil {
			keys = t.endpoint.keys
		}
	}
	if o.Sign == replay.SignFresh && len(keys) == 0 && len(profile.Signatures.Schemes) > 0 {
		return nil, noSecret(known)
	}
	return replay.NewParty(delivery.NewRules(profile), keys), nil
}
