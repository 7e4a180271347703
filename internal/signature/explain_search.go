package signature

import (
	"crypto/subtle"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"github.com/hookctl/hookctl/internal/provider"
)

// maxWork bounds the bytes that one explanation hashes and writes.
const maxWork = 256 << 20

// What a trial costs besides its bytes.
const (
	workOfTrial     = 1 << 10
	workOfPublicKey = 32 << 10 // a public key is slow
)

// A meter counts the work.
type meter struct {
	left    int
	stopped bool // there was no more
	untried int  // trials that were not made for that
}

// covers reports whether there is work left for n bytes.
func (m *meter) covers(n int) bool {
	if m.left >= n {
		return true
	}
	m.stopped = true
	m.untried++
	return false
}

// spend reports whether there is work left for n bytes, and takes it.
func (m *meter) spend(n int) bool {
	if !m.covers(n) {
		return false
	}
	m.left -= n
	return true
}

// limits says in words that something was not tried.
func (m *meter) limits() []string {
	if !m.stopped {
		return nil
	}
	return []string{fmt.Sprintf("not everything: the search stopped at %d MB of work, with %d or more trials to go", maxWork>>20, m.untried)}
}

// A hunt tries mistakes on the signature of one scheme. Each is of one dimension:
// the body, the secret, what is signed, how it is hashed. How the signature is
// written needs no trials of its own: a sum is compared with all readings of it.
type hunt struct {
	*explainer
	scheme    *provider.Scheme
	text      string // of the signature's place
	item      []byte // of a batch whose items are signed
	timestamp string
	part      func(string) (string, bool)
	targets   []target
	inherent  []mistake // that are there in any case
	holds     bool      // as it is, with no mistake

	bodies             []bodyForm // the first is the body as it is
	keys, otherKeys    []keyForm
	layouts, otherWays []layout
	makers             []maker // the first is that of the scheme
	count              tally

	seed maphash.Seed
	seen map[uint64]bool // bodies that were tried
}

// A tally counts what was tried.
type tally struct {
	targets, bodies, keys, layouts, makers, pairs int
}

// add counts what another hunt tried: mostly the same bodies and secrets, but its
// own contents and algorithms.
func (t *tally) add(o tally) {
	t.targets, t.bodies, t.keys = max(t.targets, o.targets), max(t.bodies, o.bodies), max(t.keys, o.keys)
	t.layouts, t.makers, t.pairs = t.layouts+o.layouts, t.makers+o.makers, t.pairs+o.pairs
}

func (t *tally) singles() []string {
	return slices.DeleteFunc([]string{
		counted(t.bodies, "other form of the body", "other forms of the body: encoded anew, other line ends, unpacked and more"),
		counted(t.keys, "other secret or form of one", "other secrets and forms of them: prefix, base64, hexadecimal, white space and more"),
		counted(t.targets, "other reading of the signature", "other readings of the signature: hexadecimal, base64, prefix, cut off and more"),
		counted(t.layouts, "other content to sign", "other contents to sign: parts left out, other separators, timestamps, URLs and more"),
		counted(t.makers, "other algorithm", "other algorithms: SHA-1, SHA-256, SHA-512, with HMAC and without"),
	}, func(text string) bool { return text == "" })
}

// counted is n things in words, "" for none.
func counted(n int, one, many string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// newHunt prepares the search; nil where there is nothing to try.
func newHunt(e *explainer, s *provider.Scheme) *hunt {
	if s.Codec != "" {
		return newCodecHunt(e, s)
	}
	scope := e.scopeToBlame(s)
	text, _, ok := (&scheme{Scheme: s}).find(scope)
	if !ok {
		return nil
	}
	h := newHuntFor(e, s, scope, text)
	if h != nil && coversBody(s) && h.item == nil {
		h.bodies = append(h.bodies, e.bodyForms()...)
	}
	return h
}

// newHuntFor prepares the search for the signature that stands in text, over the
// body as it is.
func newHuntFor(e *explainer, s *provider.Scheme, scope *provider.Scope, text string) *hunt {
	read := readSignature(s, text)
	if len(read.targets) == 0 {
		return nil
	}
	h := &hunt{explainer: e, scheme: s, text: text, item: scope.Item, part: read.part, targets: read.targets, bodies: []bodyForm{{}}}
	scope.Part = read.part
	_, err := timestampOf(s, scope)
	h.timestamp = scope.Timestamp
	if err != nil && h.timestamp != "" {
		h.inherent = append(h.inherent, unreadableTime(s, h.timestamp))
	}
	h.fill(scope)
	return h
}

// fill finds what there is to try.
func (h *hunt) fill(scope *provider.Scope) {
	h.keys, h.otherKeys = keyForms(h.profile, h.scheme, h.given)
	h.makers = makersFor(h.scheme, h.targets)
	h.layouts, h.otherWays = layoutsFor(h.scheme, scope)
	for _, t := range h.targets {
		if len(t.mistakes) > 0 {
			h.count.targets++
		}
	}
}

// scopeToBlame is where the places of s are looked for: in the first item whose
// signature does not hold, where each item is signed.
func (e *explainer) scopeToBlame(s *provider.Scheme) *provider.Scope {
	scope := &provider.Scope{Message: plainCopy(e.message)}
	if !s.PerItem() {
		return scope
	}
	for _, known := range e.verifier.schemes {
		if known.Scheme != s {
			continue
		}
		for _, item := range e.profile.ItemsOf(e.message) {
			scope.Item = item
			if e.verifier.judgeOne(known, &provider.Scope{Message: plainCopy(e.message), Item: item}, e.given.Now) != nil {
				break
			}
		}
	}
	return scope
}

// coversBody reports whether the signature changes with the body.
func coversBody(s *provider.Scheme) bool {
	for place := range s.Content.Places() {
		switch place.Kind {
		case provider.PlaceBody, provider.PlaceJSON, provider.PlaceKey, provider.PlaceForm, provider.PlaceForms,
			provider.PlaceXML, provider.PlaceCRC32, provider.PlaceSHA256:
			return true
		}
	}
	return false
}

// A trial is one hypothesis.
type trial struct {
	text   []byte
	body   *bodyForm
	key    *keyForm
	layout *layout
	maker  *maker
}

// attempt makes a trial, with each key and each layout that goes without saying
// where it names none.
func (h *hunt) attempt(t trial) *Cause {
	keys, layouts := h.keys, h.layouts
	if t.key != nil {
		keys = []keyForm{*t.key}
	}
	if t.layout != nil {
		layouts = []layout{*t.layout}
	}
	if t.maker == nil {
		t.maker = &h.makers[0]
	}
	for i := range keys {
		for j := range layouts {
			t.key, t.layout = &keys[i], &layouts[j]
			if found := h.try(t); found != nil {
				return found
			}
		}
	}
	return nil
}

// counted makes a trial and counts it, where there was work left for it.
func (h *hunt) counted(count *int, t trial) *Cause {
	before := h.meter.left
	found := h.attempt(t)
	if h.meter.left < before {
		*count++
	}
	return found
}

// try makes exactly one trial.
func (h *hunt) try(t trial) *Cause {
	work := len(t.text) + workOfTrial
	if t.key.made != nil {
		work += workOfPublicKey
	}
	if !h.meter.spend(work) {
		return nil
	}
	m := plainCopy(h.message)
	m.Body = t.text
	scope := &provider.Scope{Message: m, Item: h.item, Timestamp: h.timestamp, Part: h.part}
	t.layout.apply(scope)
	write := func(secret []byte, emit func([]byte)) error {
		scope.Secret = secret
		return t.layout.template.Write(scope, emit)
	}
	if t.maker.judge != nil {
		if t.maker.judge(t.key.made, m) {
			return h.found(t, nil)
		}
		return nil
	}
	if t.key.made != nil {
		return h.tryPublic(t, write)
	}
	sum, err := t.maker.sum(t.key, write)
	if err != nil {
		return nil // a part that this layout needs is not there
	}
	for i := range h.targets {
		if same, more := h.targets[i].is(sum, t.maker.token); same {
			return h.found(t, append(slices.Clone(h.targets[i].mistakes), more...))
		}
	}
	return nil
}

func (h *hunt) tryPublic(t trial, write content) *Cause {
	for i := range h.targets {
		if h.targets[i].raw {
			continue
		}
		if ok, err := t.key.made.verify(write, h.targets[i].text); ok && err == nil {
			return h.found(t, h.targets[i].mistakes)
		}
	}
	return nil
}

// found is the cause that a trial proved.
func (h *hunt) found(t trial, inSignature []mistake) *Cause {
	mistakes := slices.Clone(h.inherent)
	if t.body != nil && t.body.id != "" {
		mistakes = append(mistakes, t.body.mistake)
	}
	mistakes = append(append(mistakes, t.key.mistakes...), inSignature...)
	for _, m := range []mistake{t.layout.mistake, t.maker.mistake} {
		if m.id != "" {
			mistakes = append(mistakes, m)
		}
	}
	if len(mistakes) == 0 {
		h.holds = true // the verdict is about something else
		return nil
	}
	return causeOf(h.scheme.Name, mistakes)
}

// singles tries each mistake alone.
func (h *hunt) singles() *Cause {
	if found := h.attempt(trial{text: h.message.Body}); found != nil || h.holds {
		return found
	}
	bodies := h.bodies[1:]
	h.bodies = []bodyForm{{}}
	common := bodies[:min(commonest, len(bodies))]
	if found := h.singleBodies(common); found != nil {
		return found
	}
	for i := range h.otherKeys {
		if found := h.counted(&h.count.keys, trial{text: h.message.Body, key: &h.otherKeys[i]}); found != nil {
			return found
		}
	}
	for i := range h.otherWays {
		if found := h.counted(&h.count.layouts, trial{text: h.message.Body, layout: &h.otherWays[i]}); found != nil {
			return found
		}
	}
	for i := 1; i < len(h.makers); i++ {
		if found := h.counted(&h.count.makers, trial{text: h.message.Body, maker: &h.makers[i]}); found != nil {
			return found
		}
	}
	return h.singleBodies(bodies[len(common):])
}

// singleBodies tries forms of the body, and keeps those that make something new.
func (h *hunt) singleBodies(forms []bodyForm) *Cause {
	for _, form := range forms {
		text, ok := h.write(&form)
		if !ok || h.known(text) {
			continue
		}
		h.bodies = append(h.bodies, form)
		if found := h.counted(&h.count.bodies, trial{text: text, body: &form}); found != nil {
			return found
		}
	}
	return nil
}

// known reports whether a body was tried before.
func (h *hunt) known(text []byte) bool {
	if h.seen == nil {
		h.seed, h.seen = maphash.MakeSeed(), map[uint64]bool{}
		h.seen[maphash.Bytes(h.seed, h.message.Body)] = true
	}
	sum := maphash.Bytes(h.seed, text)
	again := h.seen[sum]
	h.seen[sum] = true
	return again
}

// write makes a form of the body.
func (h *hunt) write(form *bodyForm) ([]byte, bool) {
	if form.make == nil {
		return h.message.Body, true
	}
	if !h.meter.covers(len(h.message.Body)) {
		return nil, false
	}
	text, ok := form.make()
	return text, ok && h.meter.spend(len(text)+workOfTrial)
}

// commonest is how many of a dimension are tried with all of another.
const commonest = 32

// pairs tries mistakes of two dimensions together, but not two that are both rare.
// The common ones come first, for a large body leaves no work for all of them.
func (h *hunt) pairs() *Cause {
	if h.holds {
		return nil
	}
	from := 0
	for _, to := range []int{8, commonest, 1 << 20} {
		if found := h.pairsBetween(from, to); found != nil {
			return found
		}
		from = to
	}
	return nil
}

// pairsBetween tries the pairs of which both are among the first to of their
// dimension, and not both among the first from.
func (h *hunt) pairsBetween(from, to int) *Cause {
	within := func(i, j int) bool { return max(i, j) < to && max(i, j) >= from && min(i, j) < commonest }
	for b := range h.bodies {
		if b >= to || h.meter.stopped {
			break
		}
		text, ok := h.write(&h.bodies[b])
		if !ok {
			continue
		}
		if found := h.pairsOf(b, text, within); found != nil {
			return found
		}
	}
	return nil
}

// pairsOf tries the pairs with one form of the body: as it is, those of two other
// dimensions.
func (h *hunt) pairsOf(b int, text []byte, within func(i, j int) bool) *Cause {
	for _, t := range h.companions(b, within) {
		if h.meter.stopped {
			return nil
		}
		t.text, t.body = text, &h.bodies[b]
		if found := h.counted(&h.count.pairs, t); found != nil {
			return found
		}
	}
	return nil
}

// companions are the trials that go with the b-th form of the body.
func (h *hunt) companions(b int, within func(i, j int) bool) []trial {
	var trials []trial
	if b > 0 {
		for i := range h.otherKeys {
			if within(b-1, i) {
				trials = append(trials, trial{key: &h.otherKeys[i]})
			}
		}
		for i := range h.otherWays {
			if within(b-1, i) {
				trials = append(trials, trial{layout: &h.otherWays[i]})
			}
		}
		for i := 1; i < len(h.makers); i++ {
			if within(b-1, i-1) {
				trials = append(trials, trial{maker: &h.makers[i]})
			}
		}
		return trials
	}
	for i := range h.otherKeys {
		for j := range h.otherWays {
			if within(i, j) {
				trials = append(trials, trial{key: &h.otherKeys[i], layout: &h.otherWays[j]})
			}
		}
		for j := 1; j < len(h.makers); j++ {
			if within(i, j-1) {
				trials = append(trials, trial{key: &h.otherKeys[i], maker: &h.makers[j]})
			}
		}
	}
	for i := range h.otherWays {
		for j := 1; j < len(h.makers); j++ {
			if within(i, j-1) {
				trials = append(trials, trial{layout: &h.otherWays[i], maker: &h.makers[j]})
			}
		}
	}
	return trials
}

// newCodecHunt prepares the search for a scheme that is code: it is asked to judge
// other bodies, with other keys and under other URLs.
func newCodecHunt(e *explainer, s *provider.Scheme) *hunt {
	h := &hunt{explainer: e, scheme: s, bodies: append([]bodyForm{{}}, e.bodyForms()...)}
	h.keys, h.otherKeys = keyForms(e.profile, s, e.given)
	h.layouts = []layout{{}}
	for _, form := range urlRewrites(e.message) {
		h.otherWays = append(h.otherWays, layout{mistake: form.mistake, url: form.url})
	}
	h.makers = []maker{{judge: func(k *key, m *provider.Message) bool {
		with := &scheme{Scheme: s, keys: []*key{k}}
		return k != nil && holds(e.verifier.judge(with, m, e.given.Now))
	}}}
	return h
}

// A target is what a sum is compared with.
type target struct {
	text     []byte
	raw      bool // as it is written: for tokens
	mistakes []mistake
}

// leastCut is how many bytes of a signature that was cut off must be there to tell.
const leastCut = 10

// is reports whether the target is sum, and what more is wrong with it then.
func (t *target) is(sum []byte, token bool) (bool, []mistake) {
	if t.raw != token || len(t.text) == 0 {
		return false, nil
	}
	if subtle.ConstantTimeCompare(t.text, sum) == 1 {
		return true, nil
	}
	if token || len(t.text) < leastCut || len(t.text) >= len(sum) {
		return false, nil
	}
	return subtle.ConstantTimeCompare(t.text, sum[:len(t.text)]) == 1, []mistake{cutOff(len(t.text), len(sum))}
}

func cutOff(got, want int) mistake {
	return mistake{
		id: "signature-truncated", condition: fmt.Sprintf("only the first %d of %d bytes of the signature are compared", got, want),
		why: "the signature was cut off on the way, in a column or a log that is too narrow, or when it was copied",
		fix: "keep the whole value of the header",
	}
}

// unreadableTime is the mistake of a timestamp that is not in the unit of s.
func unreadableTime(s *provider.Scheme, text string) mistake {
	m := mistake{
		id: "timestamp-unit", condition: "the timestamp is taken as it is written, though it is not " + s.Timestamp.Unit.Words(),
		fix: "send the timestamp in " + s.Timestamp.Unit.Words(),
	}
	for _, unit := range []provider.TimeUnit{provider.Seconds, provider.Milliseconds, provider.RFC3339, provider.RFC1123} {
		if at, err := provider.ParseTime(text, unit); err == nil && at.After(time.Unix(1e9, 0)) {
			m.condition = "the timestamp is read as " + unit.Words()
			m.why = "the provider's timestamps are " + s.Timestamp.Unit.Words() + "; this one was written by somebody else, such as a test script with Date.now()"
		}
	}
	return m
}
