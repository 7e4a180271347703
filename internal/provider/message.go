package provider

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash/crc32"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/jsontext"
	"github.com/oklog/ulid/v2"
)

// A Message is one request as its sender made it, or is about to.
type Message struct {
	Method string
	// URL is where the sender sent it, as far as that is known: some sign it.
	URL string
	// URLGuessed says that nobody vouches for URL, as of GuessURL. See URLForms.
	URLGuessed bool

	Header hook.Header
	Body   []byte
	// Large stands in the place of Body where that is nil: a body that is read piece
	// by piece where that will do, and whole where it will not.
	Large hook.Body

	form url.Values // of the body, once asked for
	// members are those of the JSON body that was scanned, once asked for.
	members jsontext.Members
	scanned []byte
}

// Load reads a large body as a whole into Body.
func (m *Message) Load() error {
	if m.Body != nil || m.Large == nil {
		return nil
	}
	var err error
	m.Body, err = hook.ReadBody(m.Large)
	return err
}

// piece is how much of a large body is in memory at once, in bytes.
const piece = 256 << 10

// eachPiece hands the body to emit, which must not keep what it gets.
func (m *Message) eachPiece(emit func([]byte)) error {
	if m.Body != nil || m.Large == nil {
		emit(m.Body)
		return nil
	}
	r, err := m.Large.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	buf := make([]byte, piece)
	for {
		n, err := r.Read(buf)
		emit(buf[:n])
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// A Scope is what the places of a template are filled from: a message, and what is
// known besides.
type Scope struct {
	Message *Message
	// Item is one item of a batch.
	Item []byte
	// Secret is a key; Timestamp the text of a signature's; Part looks up elements of
	// the signature's value.
	Secret    []byte
	Timestamp string
	Part      func(name string) (string, bool)
	// ID, Event, At, First, Try, Cause and Status are of a message that is being made.
	ID, Event string
	At, First time.Time
	Try       int
	Cause     string
	Status    int
	// Random is where random texts of such a message come from.
	Random io.Reader
}

// Append appends what is at p, and reports whether anything is there.
func (s *Scope) Append(dst []byte, p *Place) ([]byte, bool) {
	m := s.Message
	switch p.Kind {
	case PlaceBody:
		return append(dst, m.Body...), true
	case PlaceSecret:
		return append(dst, s.Secret...), s.Secret != nil
	case PlaceSHA256:
		sum := sha256.Sum256(m.Body)
		return hex.AppendEncode(dst, sum[:]), true
	case PlaceCRC32:
		return strconv.AppendUint(dst, uint64(crc32.ChecksumIEEE(m.Body)), 10), true
	}
	text, ok := s.Text(p)
	return append(dst, text...), ok
}

// Text returns what is at p, and whether anything is there.
func (s *Scope) Text(p *Place) (string, bool) {
	switch p.Kind {
	case PlaceHeader:
		return s.Message.field(p.names)
	case PlaceTimestamp:
		return s.Timestamp, s.Timestamp != ""
	case PlaceBody, PlaceSecret, PlaceSHA256, PlaceCRC32:
		b, ok := s.Append(nil, p)
		return string(b), ok
	}
	return s.text(p)
}

// field is the value of the first of names that is there.
func (m *Message) field(names []string) (string, bool) {
	for _, name := range names {
		for i := range m.Header {
			if strings.EqualFold(m.Header[i].Name, name) {
				return m.Header[i].Value, true
			}
		}
	}
	return "", false
}

// json returns what is at path in the body.
func (m *Message) json(path jsontext.Path) (string, bool) {
	if len(path) == 0 || path[0].Key == "" {
		return lookup(m.Body, path)
	}
	value, ok := m.object().Lookup(path)
	if !ok {
		return "", false
	}
	return jsontext.Plain(value)
}

// object is the JSON object that the body is, scanned once.
func (m *Message) object() jsontext.Members {
	if len(m.scanned) != len(m.Body) || len(m.Body) > 0 && &m.scanned[0] != &m.Body[0] {
		m.members, m.scanned = jsontext.MembersOf(m.Body), m.Body
	}
	return m.members
}

func (s *Scope) text(p *Place) (string, bool) {
	m := s.Message
	switch p.Kind {
	case PlaceJSON:
		return m.json(p.path)
	case PlaceItem:
		return lookup(s.Item, p.path)
	case PlaceKey:
		return jsontext.FirstKey(m.Body)
	case PlaceForm:
		return first(m.formValues()[p.Arg])
	case PlaceForms:
		return m.sortedForm()
	case PlaceXML:
		return xmlText(m.Body, strings.Split(p.Arg, "/"))
	case PlaceQuery:
		return first(m.query()[p.Arg])
	case PlaceMethod:
		return m.Method, m.Method != ""
	case PlaceURL:
		return m.url(p.Arg), m.URL != ""
	case PlaceHost, PlacePath, PlaceTarget:
		return m.urlPart(p.Kind)
	case PlaceSign:
		return s.sign(p.inner)
	}
	return s.made(p)
}

// made returns what is known only of a message that is being made.
func (s *Scope) made(p *Place) (string, bool) {
	switch p.Kind {
	case PlacePart:
		if s.Part == nil {
			return "", false
		}
		return s.Part(p.Arg)
	case PlaceID:
		return s.ID, s.ID != ""
	case PlaceEvent:
		return partOf(s.Event, p.Arg)
	case PlaceTime:
		return FormatTime(s.At, TimeUnit(p.Arg)), !s.At.IsZero()
	case PlaceFirst:
		first := s.First
		if first.IsZero() {
			first = s.At // this one is the first
		}
		return FormatTime(first, TimeUnit(p.Arg)), !first.IsZero()
	case PlaceTry:
		return s.try(p.Arg)
	case PlaceRandom:
		return s.random(p.Arg)
	case PlaceStatus:
		return strconv.Itoa(s.Status), true
	case PlaceCause:
		return s.Cause, s.Cause != ""
	}
	return "", false
}

// try is the number of the attempt, counted as how says.
func (s *Scope) try(how string) (string, bool) {
	switch how {
	case "retry":
		return strconv.Itoa(s.Try - 1), s.Try > 0
	case "again":
		return strconv.Itoa(s.Try - 1), s.Try > 1
	}
	return strconv.Itoa(s.Try), s.Try > 0
}

// random is a text of so many hexadecimal digits as how says.
func (s *Scope) random(how string) (string, bool) {
	digits, err := strconv.ParseUint(how, 10, 8)
	if err != nil || s.Random == nil {
		return "", false
	}
	b := make([]byte, (digits+1)/2)
	if _, err := io.ReadFull(s.Random, b); err != nil {
		return "", false
	}
	return hex.EncodeToString(b)[:digits], true
}

// partOf is what stands before or after a mark in an event's type. Where the mark
// is not there, all of it is before, and nothing after.
func partOf(event, how string) (string, bool) {
	side, mark, _ := strings.Cut(how, " ")
	before, after, found := strings.Cut(event, mark)
	switch side {
	case "before":
		return before, before != ""
	case "after":
		return after, found
	}
	return event, event != ""
}

// sign is the HMAC-SHA256 of what is at p.
func (s *Scope) sign(p *Place) (string, bool) {
	text, ok := s.Text(p)
	if !ok || s.Secret == nil {
		return "", false
	}
	mac := hmac.New(sha256.New, s.Secret)
	io.WriteString(mac, text)
	return hex.EncodeToString(mac.Sum(nil)), true
}

func lookup(text []byte, path jsontext.Path) (string, bool) {
	value, ok := jsontext.Lookup(text, path)
	if !ok {
		return "", false
	}
	return jsontext.Plain(value)
}

func first(values []string) (string, bool) {
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

func (m *Message) formValues() url.Values {
	if m.form == nil {
		m.form, _ = url.ParseQuery(string(m.Body)) // what is sound of it
	}
	return m.form
}

// sortedForm is the names and values of a form, by name and value, each value once.
// Of a faulty form there is none: receivers would differ in what they read in it.
func (m *Message) sortedForm() (string, bool) {
	form, err := url.ParseQuery(string(m.Body))
	if err != nil {
		return "", false
	}
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for _, value := range slices.Compact(values) {
			b.WriteString(name + value)
		}
	}
	return b.String(), true
}

func (m *Message) query() url.Values {
	values, _ := url.ParseQuery(strings.TrimPrefix(hook.TargetQuery(m.URL), "?"))
	return values
}

// url is where m was sent, as it is or as how says.
func (m *Message) url(how string) string {
	if how == "" || !strings.Contains(m.URL, "%") {
		return m.URL
	}
	return strings.NewReplacer(
		"%3A", ":", "%3a", ":", "%2F", "/", "%2f", "/", "%3F", "?", "%3f", "?", "%40", "@", "%21", "!", "%24", "$",
		"%27", "'", "%28", "(", "%29", ")", "%2A", "*", "%2a", "*", "%2C", ",", "%2c", ",", "%3B", ";", "%3b", ";",
	).Replace(m.URL)
}

func (m *Message) urlPart(kind PlaceKind) (string, bool) {
	u, err := url.Parse(m.URL)
	if err != nil || m.URL == "" {
		return "", false
	}
	switch kind {
	case PlaceHost:
		return u.Host, u.Host != ""
	case PlacePath:
		return u.EscapedPath(), true
	}
	return u.RequestURI(), true
}

// xmlText is the text of the first element that path leads to from the root.
func xmlText(body []byte, path []string) (string, bool) {
	dec := xml.NewDecoder(bytes.NewReader(body))
	matched, depth := 0, 0
	for {
		token, err := dec.Token()
		if err != nil {
			return "", false
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth == matched && matched < len(path) && t.Name.Local == path[matched] {
				matched++
			}
			depth++
		case xml.EndElement:
			if depth--; matched > depth {
				matched = depth
			}
		case xml.CharData:
			if matched == len(path) && depth == len(path) {
				return string(t), true
			}
		}
	}
}

// FormatTime writes t in a unit.
func FormatTime(t time.Time, unit TimeUnit) string {
	switch unit {
	case Milliseconds:
		return strconv.FormatInt(t.UnixMilli(), 10)
	case RFC3339:
		return t.UTC().Format("2006-01-02T15:04:05.000Z")
	case RFC1123:
		return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
	}
	return strconv.FormatInt(t.Unix(), 10)
}

// ParseTime reads a time that is written in a unit.
func ParseTime(text string, unit TimeUnit) (time.Time, error) {
	var t time.Time
	var err error
	switch unit {
	case RFC3339:
		t, err = time.Parse(time.RFC3339Nano, text)
	case RFC1123:
		t, err = time.Parse(time.RFC1123, text)
	default:
		var n int64
		if n, err = strconv.ParseInt(text, 10, 64); unit == Milliseconds {
			t = time.UnixMilli(n)
		} else {
			t = time.Unix(n, 0)
		}
	}
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}, fmt.Errorf("want %s, got %q", unit.Words(), text)
	}
	return t, nil
}

// Words says what a timestamp in the unit looks like.
func (u TimeUnit) Words() string {
	switch u {
	case Milliseconds:
		return "milliseconds since 1970"
	case RFC3339:
		return "a time as in RFC 3339"
	case RFC1123:
		return "a time as in RFC 1123"
	}
	return "seconds since 1970"
}

// NewID makes an event id in the form f from the random bytes of random and, for
// the sortable form, the time at.
func (f IDForm) NewID(random io.Reader, at time.Time) (string, error) {
	form := string(f)
	for _, kind := range []string{"uuid", "ulid", "digits", "hex"} {
		prefix, ok := strings.CutSuffix(form, kind)
		if !ok {
			continue
		}
		id, err := newID(kind, random, at)
		return prefix + id, err
	}
	return "", fmt.Errorf("there is no id of the form %q", form)
}

func newID(kind string, random io.Reader, at time.Time) (string, error) {
	switch kind {
	case "uuid":
		id, err := uuid.NewRandomFromReader(random)
		return id.String(), err
	case "ulid":
		id, err := ulid.New(ulid.Timestamp(at), random)
		return id.String(), err
	}
	var b [12]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	if kind == "hex" {
		return hex.EncodeToString(b[:]), nil
	}
	var n uint64
	for _, c := range b[:6] {
		n = n<<8 | uint64(c)
	}
	return strconv.FormatUint(1e14+n, 10), nil
}
