package signature

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
)

// A layout is a way to put together what is signed. What it does not say is as the
// scheme and the message have it.
type layout struct {
	mistake
	template               provider.Template
	timestamp, url, method string
}

// apply changes what the template is filled from.
func (l *layout) apply(scope *provider.Scope) {
	scope.Timestamp = orElse(l.timestamp, scope.Timestamp)
	scope.Message.URL = orElse(l.url, scope.Message.URL)
	scope.Message.Method = orElse(l.method, scope.Message.Method)
}

// layoutsFor returns the layouts that go without saying, and those that are mistakes.
func layoutsFor(s *provider.Scheme, scope *provider.Scope) (base, others []layout) {
	if s.Algorithm.Token() {
		// What a signature in the place of a token is made of.
		return []layout{{template: parsed("{body}")}}, nil
	}
	base = []layout{{template: s.Content}}
	if signsURL(s) {
		for _, form := range scope.Message.URLForms() {
			base = append(base, layout{template: s.Content, url: form})
		}
	}
	b := &layoutBuilder{scheme: s, scope: scope, pieces: piecesOf(s.Content.String())}
	b.seen = []string{s.Content.String()}
	b.parts()
	b.times()
	b.separators()
	b.order()
	b.additions()
	b.addresses()
	return base, b.made
}

// parsed reads a template that is made here, or of pieces of one that was read.
func parsed(source string) provider.Template {
	t, err := provider.ParseTemplate(source)
	if err != nil {
		return provider.Template{}
	}
	return t
}

// A layoutBuilder collects layouts.
type layoutBuilder struct {
	scheme *provider.Scheme
	scope  *provider.Scope
	pieces []string // of the scheme's content
	made   []layout
	seen   []string
}

// piecesOf takes a template apart into its places, with their braces, and what
// stands between them.
func piecesOf(source string) []string {
	var pieces []string
	for source != "" {
		end := len(source)
		if open := strings.IndexByte(source, '{'); open == 0 {
			if closing := strings.IndexByte(source, '}'); closing > 0 {
				end = closing + 1
			}
		} else if open > 0 {
			end = open
		}
		pieces, source = append(pieces, source[:end]), source[end:]
	}
	return pieces
}

func isPlace(piece string) bool { return strings.HasPrefix(piece, "{") }

// add takes in a template that is not known yet.
func (b *layoutBuilder) add(source string, m mistake) {
	if source == "" || slices.Contains(b.seen, source) {
		return
	}
	b.seen = append(b.seen, source)
	if t := parsed(source); !t.IsZero() {
		b.made = append(b.made, layout{mistake: m, template: t})
	}
}

// parts leaves out what is signed besides the body.
func (b *layoutBuilder) parts() {
	places := 0
	for _, piece := range b.pieces {
		if isPlace(piece) {
			places++
		}
	}
	if places < 2 {
		return
	}
	if slices.Contains(b.pieces, "{body}") {
		b.add("{body}", mistake{
			id: "content-body-alone", condition: "only the body is signed",
			why: "whatever signed this left out what the provider puts before the body: " + b.inWords(),
			fix: "sign " + b.inWords(),
		})
	}
	for i, piece := range b.pieces {
		if !isPlace(piece) || piece == "{body}" || piece == "{secret}" {
			continue
		}
		b.add(without(b.pieces, i), mistake{
			id: "content-" + b.kindOf(piece) + "-missing", condition: "the " + placeWords(piece) + " is left out of what is signed",
			why: "whatever signed this did not follow the provider's scheme, which is " + b.inWords(), fix: "sign " + b.inWords(),
		})
	}
	if !isPlace(b.pieces[0]) {
		b.add(strings.Join(b.pieces[1:], ""), mistake{
			id: "content-lead-missing", condition: "\"" + b.pieces[0] + "\" is left out of what is signed",
			why: "whatever signed this did not follow the provider's scheme, which is " + b.inWords(), fix: "sign " + b.inWords(),
		})
	}
}

// inWords is the content of the scheme for people: timestamp.body.
func (b *layoutBuilder) inWords() string {
	var text strings.Builder
	for _, piece := range b.pieces {
		if isPlace(piece) {
			text.WriteString("{" + placeWords(piece) + "}")
		} else {
			text.WriteString(strconv.Quote(piece)[1 : len(strconv.Quote(piece))-1])
		}
	}
	return text.String()
}

func placeWords(piece string) string {
	place, err := provider.ParsePlace(strings.Trim(piece, "{}"))
	if err != nil {
		return piece
	}
	return place.Words()
}

// kindOf is a word for a place that a cause's name can have.
func (b *layoutBuilder) kindOf(piece string) string {
	kind, arg, _ := strings.Cut(strings.Trim(piece, "{}"), ":")
	arg = strings.ToLower(arg)
	switch {
	case kind == "timestamp", strings.Contains(arg, "timestamp"), strings.HasSuffix(arg, "-time"):
		return "timestamp"
	case kind == "header" && (strings.HasSuffix(arg, "-id") || strings.Contains(arg, "-id|")):
		return "id"
	}
	return kind
}

// without is the pieces but the i-th, and but what parts it from the next, or else
// from the one before.
func without(pieces []string, i int) string {
	from, to := i, i+1
	switch {
	case to < len(pieces) && !isPlace(pieces[to]):
		to++
	case from > 0 && !isPlace(pieces[from-1]):
		from--
	}
	return strings.Join(pieces[:from], "") + strings.Join(pieces[to:], "")
}

// times tries other timestamps: in another unit, and from other places.
func (b *layoutBuilder) times() {
	now := b.scope.Timestamp
	at := b.indexOf("timestamp")
	if at < 0 {
		return
	}
	if now != "" && b.pieces[at] == "{timestamp}" {
		for _, other := range otherUnits(now) {
			b.made = append(b.made, layout{template: b.scheme.Content, timestamp: other.text, mistake: mistake{
				id: "content-timestamp-unit", condition: "the timestamp is signed as " + other.unit.Words() + ", which is not how it is sent",
				why: "whatever signed this signed one form of the time and sent another",
				fix: "sign the text of the timestamp exactly as it is sent",
			}})
		}
	}
	for _, f := range b.timeLikeHeaders() {
		source := strings.Join(b.pieces[:at], "") + "{header:" + f.Name + "}" + strings.Join(b.pieces[at+1:], "")
		b.add(source, mistake{
			id: "content-timestamp-elsewhere", condition: "the timestamp is that of header " + f.Name,
			why: "whatever signed this took the time from another place, or something on the way changed the header that counts",
			fix: "sign, and send, one timestamp",
		})
	}
	for _, f := range b.idLikeHeaders() {
		if at := b.indexOf("id"); at >= 0 {
			source := strings.Join(b.pieces[:at], "") + "{header:" + f.Name + "}" + strings.Join(b.pieces[at+1:], "")
			b.add(source, mistake{
				id: "content-id-elsewhere", condition: "the id is that of header " + f.Name,
				why: "there is more than one id, and whatever signed this took another", fix: "sign the id that is sent in " + placeWords(b.pieces[at]),
			})
		}
	}
}

// indexOf is the first piece of a kind, or -1.
func (b *layoutBuilder) indexOf(kind string) int {
	for i, piece := range b.pieces {
		if isPlace(piece) && b.kindOf(piece) == kind {
			return i
		}
	}
	return -1
}

// A timeText is a time written in a unit.
type timeText struct {
	text string
	unit provider.TimeUnit
}

// otherUnits are the ways to write a time but the one it is written in.
func otherUnits(text string) []timeText {
	units := []provider.TimeUnit{provider.Seconds, provider.Milliseconds, provider.RFC3339, provider.RFC1123}
	for _, unit := range units {
		at, err := provider.ParseTime(text, unit)
		if err != nil || at.Before(time.Unix(1e8, 0)) {
			continue
		}
		var all []timeText
		for _, other := range units {
			all = append(all, timeText{provider.FormatTime(at, other), other})
		}
		all = append(all, timeText{at.UTC().Format(time.RFC3339), provider.RFC3339}, timeText{strconv.FormatInt(at.Unix(), 10) + ".0", provider.Seconds})
		return differing(all, text)
	}
	return nil
}

func differing(all []timeText, text string) []timeText {
	var kept []timeText
	for _, t := range all {
		if t.text != text {
			kept = append(kept, t)
		}
	}
	return kept
}

// maxHeaders is how many headers are tried in the place of another.
const maxHeaders = 8

// timeLikeHeaders are headers that may hold the time of the signature.
func (b *layoutBuilder) timeLikeHeaders() []hook.Field {
	return b.headersLike(func(name, value string) bool {
		if !strings.Contains(name, "time") && name != "date" && !strings.HasSuffix(name, "-ts") {
			return false
		}
		return len(value) >= 8 && len(value) <= 40
	})
}

// idLikeHeaders are headers that may hold the id of the message.
func (b *layoutBuilder) idLikeHeaders() []hook.Field {
	return b.headersLike(func(name, value string) bool {
		return (strings.HasSuffix(name, "-id") || strings.Contains(name, "delivery")) && len(value) <= 128
	})
}

func (b *layoutBuilder) headersLike(fits func(name, value string) bool) []hook.Field {
	var found []hook.Field
	for _, f := range b.scope.Message.Header {
		if len(found) < maxHeaders && !strings.ContainsAny(f.Name, "{}|: ") && fits(strings.ToLower(f.Name), f.Value) {
			found = append(found, f)
		}
	}
	return found
}

// separators puts other marks between the parts.
func (b *layoutBuilder) separators() {
	for _, mark := range []string{".", ":", "", "\n", "|", "-", ",", " ", "&", "+"} {
		var pieces []string
		for i, piece := range b.pieces {
			between := i > 0 && i < len(b.pieces)-1
			switch {
			case !isPlace(piece) && between:
				piece = mark
			case isPlace(piece) && i > 0 && isPlace(b.pieces[i-1]):
				piece = mark + piece
			}
			pieces = append(pieces, piece)
		}
		b.add(strings.Join(pieces, ""), mistake{
			id: "content-separator", condition: "what is signed has " + markWords(mark) + " between its parts",
			why: "whatever signed this did not follow the provider's scheme, which is " + b.inWords(), fix: "sign " + b.inWords(),
		})
	}
	b.add(b.scheme.Content.String()+"\n", mistake{
		id: "content-newline-added", condition: "a new line follows what is signed",
		why: "it was signed with a command such as echo … | openssl dgst, and echo adds a new line", fix: "use printf %s, or echo -n",
	})
}

func markWords(mark string) string {
	switch mark {
	case "":
		return "nothing"
	case "\n":
		return "a new line"
	}
	return "\"" + mark + "\""
}

// order turns the parts around.
func (b *layoutBuilder) order() {
	var turned []string
	for i := len(b.pieces) - 1; i >= 0; i-- {
		turned = append(turned, b.pieces[i])
	}
	b.add(strings.Join(turned, ""), mistake{
		id: "content-order", condition: "the parts of what is signed are the other way round",
		why: "whatever signed this did not follow the provider's scheme, which is " + b.inWords(), fix: "sign " + b.inWords(),
	})
}

// additions puts before the body what other providers sign with it.
func (b *layoutBuilder) additions() {
	at := -1
	for i, piece := range b.pieces {
		if piece == "{body}" {
			at = i
		}
	}
	if at < 0 {
		return
	}
	before, after := strings.Join(b.pieces[:at], ""), strings.Join(b.pieces[at+1:], "")
	b.add(before+"{sha256}"+after, mistake{
		id: "content-digest", condition: "the SHA-256 of the body is signed in its place",
		why: "whatever signed this hashed the body first", fix: "sign the body itself",
	})
	if b.indexOf("timestamp") >= 0 {
		return
	}
	added := mistake{
		id: "content-timestamp-added", why: "whatever signed this signs a timestamp with the body, as Stripe, Slack and Standard Webhooks do",
		fix: "sign " + b.inWords(),
	}
	for _, f := range b.timeLikeHeaders() {
		added.condition = "header " + f.Name + " is signed with the body"
		place := "{header:" + f.Name + "}"
		for _, mark := range []string{".", "", ":", "\n"} {
			b.add(before+place+mark+"{body}"+after, added)
		}
		b.add(before+"{body}"+place+after, added)
		b.add(before+"v0:"+place+":{body}"+after, added)
	}
	for _, lead := range []string{"{url}", "{method}{url}", "{method}\n{path}\n", "{method}{path}", "{path}", "{target}"} {
		b.add(before+lead+"{body}"+after, mistake{
			id: "content-url-added", condition: "the address of the request is signed with the body",
			why: "whatever signed this signs the URL too, as Square and HubSpot do", fix: "sign " + b.inWords(),
		})
	}
}

// addresses tries other forms of the URL and the method, where they are signed.
func (b *layoutBuilder) addresses() {
	signed := map[provider.PlaceKind]bool{}
	for place := range b.scheme.Content.Places() {
		signed[place.Kind] = true
	}
	if signed[provider.PlaceURL] || signed[provider.PlaceHost] || signed[provider.PlacePath] || signed[provider.PlaceTarget] || signed[provider.PlaceQuery] {
		for _, r := range urlRewrites(b.scope.Message) {
			b.made = append(b.made, layout{mistake: r.mistake, template: b.scheme.Content, url: r.url})
		}
	}
	if !signed[provider.PlaceMethod] {
		return
	}
	for _, method := range []string{strings.ToLower(b.scope.Message.Method), "POST", "GET"} {
		if method != b.scope.Message.Method && method != "" {
			b.made = append(b.made, layout{template: b.scheme.Content, method: method, mistake: mistake{
				id: "content-method", condition: "the method is " + method,
				why: "the method is part of what is signed", fix: "sign the method as it is sent, in capitals",
			}})
		}
	}
}

// A rewrite is another form of a URL.
type rewrite struct {
	mistake
	url string
}

// urlRewrites are the URLs that the sender may have had, or that may have been signed.
func urlRewrites(m *provider.Message) []rewrite {
	u, err := url.Parse(m.URL)
	if m.URL == "" || err != nil {
		return nil
	}
	var all []rewrite
	add := func(text string, r mistake) {
		for i := range all {
			if all[i].url == text {
				return
			}
		}
		if text != m.URL && text != "" {
			all = append(all, rewrite{r, text})
		}
	}
	for _, origin := range origins(m.Header) {
		moved := mistake{
			id: "content-url-host", condition: "the URL begins with " + origin + ", as the headers of the proxy say",
			why: "the sender signs the public URL; behind a proxy or tunnel the request has another",
			fix: "build the URL from X-Forwarded-Proto and X-Forwarded-Host, or configure the public one",
		}
		for _, form := range append([]string{origin + u.RequestURI()}, provider.URLForms(origin+u.RequestURI())...) {
			add(form, moved)
		}
	}
	for _, form := range provider.URLForms(m.URL) {
		add(form, otherOrigin(m.URL, form))
	}
	for _, variant := range urlVariants(*u) {
		add(variant.url, variant.mistake)
		for _, form := range provider.URLForms(variant.url) {
			add(form, variant.mistake)
		}
	}
	return all
}

// otherOrigin is the mistake that a URL is given where form was signed: one that begins
// otherwise. A password in it is not told.
func otherOrigin(given, form string) mistake {
	origin := func(text string) string {
		scheme, rest, _ := strings.Cut(text, "://")
		if end := strings.IndexAny(rest, "/?#"); end >= 0 {
			rest = rest[:end]
		}
		return scheme + "://" + rest[strings.LastIndexByte(rest, '@')+1:]
	}
	return mistake{
		id: "content-url-origin", condition: "the URL begins with " + origin(form) + ", not " + origin(given),
		why: "the sender signs the public URL; behind a proxy or tunnel the scheme and port are others",
		fix: giveURL,
	}
}

// origins are the scheme and host that the sender may have used, by the headers
// that proxies add.
func origins(h hook.Header) []string {
	var all []string
	hosts := []string{h.Get("X-Forwarded-Host"), h.Get("X-Original-Host"), h.Get("Host")}
	for _, host := range hosts {
		host, _, _ = strings.Cut(host, ",")
		if host = strings.TrimSpace(host); host == "" || strings.ContainsAny(host, "/ ?#@") {
			continue
		}
		all = appendNew(all, orElse(h.Get("X-Forwarded-Proto"), "https")+"://"+host)
	}
	return all
}

// urlVariants are other ways to write where u leads.
func urlVariants(u url.URL) []rewrite {
	form := func(id, condition string, change func(*url.URL)) rewrite {
		v := u
		change(&v)
		return rewrite{mistake{
			id: id, condition: condition, why: "the URL is part of what is signed, to the letter: the sender signs the one that is registered with it",
			fix: "sign exactly the URL that is registered with the provider",
		}, v.String()}
	}
	setPath := func(change func(string) string) func(*url.URL) {
		return func(v *url.URL) { v.Path, v.RawPath = change(v.Path), "" }
	}
	all := []rewrite{
		form("content-url-slash", "the URL ends without a slash", setPath(func(p string) string { return strings.TrimSuffix(p, "/") })),
		form("content-url-slash", "the URL ends with a slash", setPath(func(p string) string { return strings.TrimSuffix(p, "/") + "/" })),
		form("content-url-query", "the URL has no query", func(v *url.URL) { v.RawQuery, v.ForceQuery = "", false }),
		form("content-url-path", "only the path and query are signed", func(v *url.URL) { v.Scheme, v.Host, v.User = "", "", nil }),
		form("content-url-path", "only the path is signed", func(v *url.URL) { v.Scheme, v.Host, v.User, v.RawQuery = "", "", nil, "" }),
		form("content-url-path", "the URL is that of the host alone", func(v *url.URL) { v.Path, v.RawPath, v.RawQuery = "", "", "" }),
		form("content-url-case", "the URL is in lower case", func(v *url.URL) { v.Host = strings.ToLower(v.Host); v.Path, v.RawPath = strings.ToLower(v.Path), "" }),
	}
	if plain, err := url.PathUnescape(u.String()); err == nil {
		decoded := form("content-url-decoded", "the URL is decoded", func(*url.URL) {})
		decoded.url = plain
		all = append(all, decoded)
	}
	return all
}
