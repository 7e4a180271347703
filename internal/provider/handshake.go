package provider

// A Handshake is a request that does not tell of an event but asks whether the
// endpoint is the user's, and the answer it wants.
type Handshake struct {
	Name string `yaml:",key"`
	// When says which messages are meant.
	When Conditions `yaml:"when"`
	// Signature says which verdict the message must have to be answered so; AnyVerdict
	// where it does not matter.
	Signature Verdict        `yaml:"signature"`
	Reply     HandshakeReply `yaml:"reply"`
	// About says what it is for.
	About string `yaml:"about"`
}

// A HandshakeReply is an answer made of the request.
type HandshakeReply struct {
	Status      int          `yaml:"status"`
	ContentType string       `yaml:"content_type"`
	Headers     []HeaderRule `yaml:"headers"`
	// Text is the body, or JSON the fields of a JSON body. At most one is set.
	Text Template     `yaml:"text"`
	JSON []HeaderRule `yaml:"json"`
}

// media is the type of the answer: never left open, as what is sent back may look like
// a page.
func (r *HandshakeReply) media() string {
	switch {
	case r.ContentType != "":
		return r.ContentType
	case len(r.JSON) > 0:
		return "application/json"
	case !r.Text.IsZero():
		return "text/plain; charset=utf-8"
	}
	return ""
}
