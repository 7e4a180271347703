package send

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// Onward is c as it is sent to the target at to: its path appended to that of to, its
// header without what belonged to its connection, for the host of to. The fields of set
// stand in the place of the first of their name, or at the end; everything else stays
// in its place, byte for byte.
func Onward(c *hook.Capture, to *url.URL, set hook.Header) Request {
	return Request{Method: c.Method, URL: to, Target: hook.JoinTarget(to, c.Target), Header: onwardHeader(c, to, set), Body: c.Body}
}

func onwardHeader(c *hook.Capture, to *url.URL, set hook.Header) hook.Header {
	if to.User != nil && !set.Has("Authorization") {
		set = append(hook.Header{Authorization(to)}, set...)
	}
	options := c.Header.ConnectionOptions()
	out := make(hook.Header, 0, len(c.Header)+len(set)+1)
	if !c.Header.Has("Host") && !set.Has("Host") {
		out = append(out, hook.Field{Name: "Host", Value: to.Host})
	}
	placed := hook.NameSet{}
	for _, f := range c.Header {
		switch {
		case hook.HopByHop(f.Name) || ownedByMessage(f.Name) || options.Has(f.Name):
		case set.Has(f.Name):
			if !placed.Has(f.Name) {
				placed[strings.ToLower(f.Name)] = true
				for _, v := range set.Values(f.Name) {
					out = append(out, hook.Field{Name: f.Name, Value: v})
				}
			}
		case strings.EqualFold(f.Name, "Host"):
			out = append(out, hook.Field{Name: f.Name, Value: to.Host})
		default:
			out = append(out, f)
		}
	}
	for _, f := range set {
		if !placed.Has(f.Name) {
			out = append(out, f)
		}
	}
	return out
}

// ownedByMessage names the fields that the new message has of its own: its
// length, and a wait for a go-ahead that the sender has already been given.
func ownedByMessage(name string) bool {
	return strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, "Expect")
}

// Authorization is the field that the user and password of a URL stand for.
func Authorization(to *url.URL) hook.Field {
	password, _ := to.User.Password()
	basic := base64.StdEncoding.EncodeToString([]byte(to.User.Username() + ":" + password))
	return hook.Field{Name: "Authorization", Value: "Basic " + basic}
}
