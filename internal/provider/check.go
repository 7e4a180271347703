package provider

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// maxSecretBytes is the longest secret that is generated.
const maxSecretBytes = 1024

// check finds what a profile says that cannot be, or does not go together.
func (p *Profile) check() error {
	if p.Name == "" {
		return p.doc.Errorf("", "name is missing: what the provider is called, such as acme")
	}
	if err := CheckName(p.Name); err != nil {
		return p.doc.Errorf("name", "%v", err)
	}
	if n := p.Secret.Bytes; n < 0 || n > maxSecretBytes {
		return p.doc.Errorf("secret.bytes", "bytes: want 0 to %d, got %d", maxSecretBytes, n)
	}
	if _, err := jsontext.ParsePath(strings.TrimPrefix(p.Body.Items, "[]")); err != nil {
		return p.doc.Errorf("body.items", "items: %v", err)
	}
	for _, step := range []func() error{p.checkStamps, p.checkEvent, p.checkHeaders, p.checkSignatures, p.checkHandshakes, p.checkPolicy, p.checkProvenance} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// CheckName refuses what cannot be the name of a profile.
func CheckName(name string) error {
	if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(name) {
		return fmt.Errorf("want lower-case letters, digits and single hyphens, got %q", name)
	}
	return nil
}

// Places that a received message has.
func ofMessage() []PlaceKind {
	return []PlaceKind{PlaceBody, PlaceHeader, PlaceJSON, PlaceItem, PlaceKey, PlaceForm, PlaceForms, PlaceXML, PlaceQuery,
		PlaceMethod, PlaceURL, PlaceHost, PlacePath, PlaceTarget, PlaceCRC32, PlaceSHA256}
}

// allow refuses places that cannot be filled at path.
func (p *Profile) allow(path string, places iter.Seq[Place], kinds ...PlaceKind) error {
	for place := range places {
		if !slices.Contains(kinds, place.Kind) {
			return p.doc.Errorf(path, "%s is not known here", place)
		}
		if place.Kind == PlaceItem && p.Body.Items == "" {
			return p.doc.Errorf(path, "%s needs body.items, which says where the items are", place)
		}
	}
	return nil
}

// checkStamps looks at what is written into bodies.
func (p *Profile) checkStamps() error {
	for _, stamp := range p.Body.Stamps {
		path := "body.stamps." + stamp.Name
		if _, err := jsontext.ParsePath(stamp.Name); err != nil {
			return p.doc.Errorf(path, "%v", err)
		}
		if p.Body.Kind != BodyJSON {
			return p.doc.Errorf(path, "a body that is %s has no fields of JSON", p.Body.Kind)
		}
		if err := p.allow(path, stamp.Value.Places(), PlaceTimestamp, PlaceTime, PlaceFirst, PlaceTry, PlaceRandom); err != nil {
			return err
		}
	}
	return nil
}

func (p *Profile) checkEvent() error {
	for _, rule := range []struct {
		path      string
		templates []Template
	}{{"event.type", p.Event.Type}, {"event.id", p.Event.ID}, {"event.time", p.Event.Time}} {
		for _, t := range rule.templates {
			if err := p.allow(rule.path, t.Places(), ofMessage()...); err != nil {
				return err
			}
		}
	}
	for _, named := range p.Event.Named {
		path := "event.named." + named.Type
		if len(named.When) == 0 {
			return p.doc.Errorf(path, "want at least one condition, got none: the name would fit every message")
		}
		if err := p.allow(path, named.When.places(), ofMessage()...); err != nil {
			return err
		}
	}
	for _, conditions := range p.Detect.Any {
		if len(conditions) == 0 {
			return p.doc.Errorf("detect.any", "want at least one condition, got none: the rule would fit every request")
		}
		if err := p.allow("detect.any", conditions.places(), ofMessage()...); err != nil {
			return err
		}
	}
	return nil
}

func (c Conditions) places() iter.Seq[Place] {
	return func(yield func(Place) bool) {
		for i := range c {
			if !yield(c[i].Place) {
				return
			}
		}
	}
}

func (p *Profile) checkHeaders() error {
	made := []PlaceKind{PlaceID, PlaceEvent, PlaceTime, PlaceFirst, PlaceTimestamp, PlaceJSON, PlaceItem, PlaceKey, PlaceSHA256, PlaceURL, PlaceHost, PlaceMethod, PlacePath, PlaceTarget}
	attempt := append(slices.Clone(made), PlaceTry, PlaceCause)
	if err := p.checkHeaderRules("headers", p.Headers, made); err != nil {
		return err
	}
	return p.checkHeaderRules("policy.headers", p.Policy.Headers, attempt)
}

func (p *Profile) checkHeaderRules(path string, rules []HeaderRule, kinds []PlaceKind) error {
	for _, h := range rules {
		if !isToken(h.Name) {
			return p.doc.Errorf(path+"."+h.Name, "want a header's name, got %q", h.Name)
		}
		if err := p.allow(path+"."+h.Name, h.Value.Places(), kinds...); err != nil {
			return err
		}
	}
	return nil
}

// isToken reports whether name can be that of a header (RFC 9110, 5.6.2).
func isToken(name string) bool {
	return regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$").MatchString(name)
}

func (p *Profile) checkSignatures() error {
	s := &p.Signatures
	if s.None != "" && len(s.Schemes) > 0 {
		return p.doc.Errorf("signatures.none", "none says that nothing is signed, but there are schemes")
	}
	for i := range s.Schemes {
		if err := p.checkScheme("signatures.schemes."+s.Schemes[i].Name, &s.Schemes[i]); err != nil {
			return err
		}
	}
	return p.checkUnsigned(s.Unsigned)
}

func (p *Profile) checkUnsigned(rules []UnsignedRule) error {
	for _, rule := range rules {
		path := "signatures.unsigned." + rule.Name
		switch {
		case len(rule.When) == 0:
			return p.doc.Errorf(path, "when is missing: by what such a message is known")
		case rule.About == "":
			return p.doc.Errorf(path, "about is missing: why such a message has no signature")
		}
		if err := p.allow(path+".when", rule.When.places(), ofMessage()...); err != nil {
			return err
		}
	}
	return nil
}

func (p *Profile) checkScheme(path string, s *Scheme) error {
	switch {
	case s.Algorithm == "" && s.Codec == "":
		return p.doc.Errorf(path, "algorithm is missing: one of %s", words(algorithms()))
	case s.Codec != "" && !s.Content.IsZero():
		return p.doc.Errorf(path+".content", "the codec %s has a content of its own", s.Codec)
	case s.Codec != "" && len(s.In) > 0:
		return p.doc.Errorf(path+".in", "the codec %s has a place of its own", s.Codec)
	case s.Codec != "" && !slices.Contains(s.Codec.Algorithms(), s.Algorithm):
		return p.doc.Errorf(path+".algorithm", "the codec %s has one of %s, got %q", s.Codec, words(s.Codec.Algorithms()), s.Algorithm)
	case s.Codec == CodecMessageSignatures && len(s.Components) == 0:
		return p.doc.Errorf(path, "components is missing: what a signature must cover, such as [content-digest]")
	case s.Codec == "" && len(s.In) == 0:
		return p.doc.Errorf(path, "in is missing: where the signature is, such as header:X-Signature")
	case s.Codec == "" && s.Algorithm.Token() != s.Content.IsZero():
		if s.Content.IsZero() {
			return p.doc.Errorf(path, "content is missing: what is signed, such as \"{timestamp}.{body}\"")
		}
		return p.doc.Errorf(path+".content", "%s compares the secret itself and has no content", s.Algorithm)
	case s.Encoding == "" && s.Codec == "":
		return p.doc.Errorf(path, "encoding is missing: hex, base64 or base64url")
	case s.Algorithm.Asymmetric() != (s.Key.Encoding == KeyPair):
		return p.doc.Errorf(path+".key.encoding", "%s and a key that is %s do not go together", s.Algorithm, s.Key.Encoding)
	case s.Each && len(s.In) < 2:
		return p.doc.Errorf(path+".each", "each needs several places in in: there is one signature at each")
	case s.Key.Required && len(s.Key.Prefixes) == 0:
		return p.doc.Errorf(path+".key.required", "required needs prefixes: what a secret begins with")
	case len(s.Grammar.Names) > 0 && s.Grammar.Pair == "":
		return p.doc.Errorf(path+".grammar", "names needs pair: what stands between a name and its value")
	case s.Grammar.Pair != "" && len(s.Grammar.Names) == 0:
		return p.doc.Errorf(path+".grammar", "pair needs names: which elements are signatures")
	}
	if err := p.checkComponents(path, s); err != nil {
		return err
	}
	return p.checkSchemePlaces(path, s)
}

// checkComponents looks at what only the codec http-message-signatures has.
func (p *Profile) checkComponents(path string, s *Scheme) error {
	component := regexp.MustCompile("^@?[!#$%&'*+.^_`|~0-9a-z-]+(;name=\"[ !#-\\[\\]-~]*\")?$")
	for _, text := range s.Components {
		if !component.MatchString(text) {
			return p.doc.Errorf(path+".components", "want the name of a header in lower case, or one such as @method, got %q", text)
		}
	}
	if strings.ContainsFunc(s.Key.ID, func(r rune) bool { return r < ' ' || r > '~' }) {
		return p.doc.Errorf(path+".key.id", "want characters of ASCII, got %q", s.Key.ID)
	}
	if s.Codec != CodecMessageSignatures && (len(s.Components) > 0 || s.Key.ID != "") {
		return p.doc.Errorf(path, "components and key.id are of the codec %s alone", CodecMessageSignatures)
	}
	return nil
}

func (p *Profile) checkSchemePlaces(path string, s *Scheme) error {
	known := append(ofMessage(), PlaceSecret, PlaceTimestamp, PlacePart)
	if err := p.allow(path+".content", s.Content.Places(), known...); err != nil {
		return err
	}
	if err := p.allow(path+".in", slices.Values(s.In), PlaceHeader, PlaceJSON, PlaceItem, PlaceForm, PlaceQuery); err != nil {
		return err
	}
	if err := p.allow(path+".when", s.When.places(), ofMessage()...); err != nil {
		return err
	}
	for _, lead := range s.Grammar.Lead {
		if err := p.allow(path+".grammar.lead", lead.Places(), PlaceTimestamp, PlaceID); err != nil {
			return err
		}
	}
	signed := s.Codec != ""
	for place := range s.Content.Places() {
		signed = signed || place.Kind == PlaceTimestamp
		if s.Timestamp != nil {
			signed = signed || slices.ContainsFunc(s.Timestamp.From, func(from Place) bool { return from.String() == place.String() })
		}
		if place.Kind == PlaceTimestamp && s.Timestamp == nil {
			return p.doc.Errorf(path+".content", "{timestamp} needs the rule timestamp, which says where it is")
		}
	}
	if t := s.Timestamp; t != nil {
		if len(t.From) == 0 {
			return p.doc.Errorf(path+".timestamp", "from is missing: where the timestamp is, such as header:X-Timestamp")
		}
		if from, _ := s.Codec.timestamp(); s.Codec != "" && t.From[0].String() != from {
			return p.doc.Errorf(path+".timestamp.from", "the codec %s has a timestamp of its own", s.Codec)
		}
		if err := p.allow(path+".timestamp.from", slices.Values(t.From), PlaceHeader, PlacePart, PlaceJSON, PlaceForm, PlaceQuery); err != nil {
			return err
		}
		covered := s.Binding() == CoversBody && t.From[0].Kind == PlaceJSON
		if !signed && !covered && !t.Unsigned {
			return p.doc.Errorf(path+".timestamp", "the content does not cover the timestamp: say unsigned: true where that is so")
		}
	}
	return nil
}

func (p *Profile) checkHandshakes() error {
	for _, h := range p.Handshakes {
		path := "handshakes." + h.Name
		if err := p.allow(path+".when", h.When.places(), ofMessage()...); err != nil {
			return err
		}
		r := h.Reply
		switch {
		case len(h.When) == 0 && h.Signature == AnyVerdict:
			return p.doc.Errorf(path, "when is missing: by what the request is known")
		case r.Status < 200 || r.Status > 599:
			return p.doc.Errorf(path+".reply", "status: want one from 200 to 599, got %d", r.Status)
		case !r.Text.IsZero() && len(r.JSON) > 0:
			return p.doc.Errorf(path+".reply", "text and json exclude each other")
		}
		templates := []Template{r.Text}
		for _, f := range append(slices.Clone(r.JSON), r.Headers...) {
			templates = append(templates, f.Value)
		}
		for _, t := range templates {
			if err := p.allow(path+".reply", t.Places(), append(ofMessage(), PlaceSign)...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Profile) checkPolicy() error {
	if err := p.checkRetry("policy.retry", &p.Policy.Retry); err != nil {
		return err
	}
	for i := range p.Policy.Variants {
		v := &p.Policy.Variants[i]
		if err := p.checkRetry("policy.variants."+v.Name, &v.Retry); err != nil {
			return err
		}
	}
	for _, a := range p.Policy.Actions {
		path := "policy.actions." + a.Status.String()
		if a.Do == "" {
			return p.doc.Errorf(path, "do is missing: one of retry, repeat, drop, disable, throttle")
		}
		if a.Do == ActRepeat && a.Every <= 0 {
			return p.doc.Errorf(path, "repeat needs every: the interval")
		}
	}
	for _, f := range p.Policy.Errors.Body {
		path := "policy.errors.body." + f.Name
		if err := p.allow(path, f.Value.Places(), PlaceURL, PlaceEvent, PlaceID, PlaceTime, PlaceTry, PlaceCause, PlaceStatus); err != nil {
			return err
		}
	}
	for _, f := range p.Policy.Failing {
		if len(f.Do) == 0 {
			return p.doc.Errorf("policy.failing."+f.Name, "do is missing: what happens then")
		}
		if f.Percent > 0 && (f.Within == 0 || f.Within == AnyDuration) {
			return p.doc.Errorf("policy.failing."+f.Name, "percent needs within: the time in which attempts count")
		}
		if f.Forget > 0 && f.For == 0 {
			return p.doc.Errorf("policy.failing."+f.Name, "forget needs for: the time that begins anew")
		}
	}
	recovered := &p.Policy.Recovered
	if (recovered.After > 0) != (len(recovered.Do) > 0) {
		return p.doc.Errorf("policy.recovered", "after and do go together: how many attempts failed, and what happens then")
	}
	if slices.ContainsFunc(recovered.Do, func(e Effect) bool { return e.Do != Notify }) {
		return p.doc.Errorf("policy.recovered", "want do: notify alone, for nothing has failed for good")
	}
	return nil
}

func (p *Profile) checkRetry(path string, r *RetryRule) error {
	bounded := r.Window > 0 && r.Window != AnyDuration
	switch {
	case r.Attempts < 0 || r.Jitter < 0 || r.Jitter > 100:
		return p.doc.Errorf(path, "want attempts of 0 or more and a jitter from 0 to 100")
	case r.Attempts > 0 && len(r.Delays) > 0 && r.Exponential == nil && r.Attempts != len(r.Delays)+1:
		return p.doc.Errorf(path, "%s, got %d", r.delaysWanted(), len(r.Delays))
	case r.Attempts > 1 && len(r.Delays) == 0 && r.Exponential == nil && !bounded:
		return p.doc.Errorf(path, "%d attempts need delays, exponential or window", r.Attempts)
	case r.Exponential != nil && (r.Exponential.Base <= 0 || r.Exponential.Factor < 1):
		return p.doc.Errorf(path+".exponential", "want a base above 0 and a factor of 1 or more")
	case r.Exponential != nil && r.Attempts == 0 && !bounded:
		return p.doc.Errorf(path+".exponential", "exponential needs attempts or window: it would go on for ever")
	}
	return nil
}

// delaysWanted says how many delays the attempts have, as in "3 attempts have 2 delays
// between them".
func (r *RetryRule) delaysWanted() string {
	switch r.Attempts {
	case 1:
		return "1 attempt has no delay after it"
	case 2:
		return "2 attempts have 1 delay between them"
	}
	return fmt.Sprintf("%d attempts have %d delays between them", r.Attempts, r.Attempts-1)
}

func (p *Profile) checkProvenance() error {
	for _, known := range p.Provenance {
		path := "provenance." + known.Rule
		if known.Status == "" {
			return p.doc.Errorf(path, "is is missing: documented, announced, observed or assumed")
		}
		if !p.hasRule(known.Rule) {
			return p.doc.Errorf(path, "there is no rule %q", known.Rule)
		}
		for _, from := range known.From {
			if !slices.ContainsFunc(p.Sources, func(s Named) bool { return s.Name == from }) {
				return p.doc.Errorf(path, "there is no source %q", from)
			}
		}
	}
	return nil
}

// hasRule reports whether there is a rule at path or below it.
func (p *Profile) hasRule(path string) bool {
	if section, _, _ := strings.Cut(path, "."); about(section) {
		return false
	}
	return p.doc.Has(path) || p.base != nil && p.base.hasRule(path)
}

func words[T ~string](all []T) string {
	texts := make([]string, len(all))
	for i, word := range all {
		texts[i] = string(word)
	}
	return strings.Join(texts, ", ")
}
