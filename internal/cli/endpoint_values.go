package cli

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

// A targetURL is where deliveries go; nil where nothing is said.
type targetURL struct{ *url.URL }

// UnmarshalText reads what --forward-to takes, too.
func (t *targetURL) UnmarshalText(text []byte) (err error) {
	if t.URL, err = parseTarget(string(text)); err != nil {
		return fmt.Errorf("%w; %s", err, classify(err).hint)
	}
	return nil
}

// A rateLimit is a number of attempts in a time, such as 5/s.
type rateLimit struct{ hook.Rate }

// maxRate is the highest rate that can be asked for: beyond it no clock keeps the steps apart.
const maxRate = 1_000_000

func (r *rateLimit) Type() string { return "N/s|N/m|N/h" }

func (r *rateLimit) String() string {
	for unit, d := range rateUnits() {
		if r.Count > 0 && r.Per == d {
			return strconv.Itoa(r.Count) + "/" + unit
		}
	}
	return ""
}

// rateUnits are the times that a rate can be given for, by their letters.
func rateUnits() map[string]time.Duration {
	return map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}
}

// Set reads a rate.
func (r *rateLimit) Set(text string) error {
	digits, unit, _ := strings.Cut(text, "/")
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	per, ok := rateUnits()[strings.TrimSpace(unit)]
	if err != nil || !ok || n < 1 || n > maxRate {
		return fmt.Errorf("want a rate such as 5/s, 100/m or 1000/h, got %q", text)
	}
	r.Rate = hook.Rate{Count: n, Per: per}
	return nil
}

// UnmarshalText reads a rate.
func (r *rateLimit) UnmarshalText(text []byte) error { return r.Set(string(text)) }

// A replyRule says what becomes of an endpoint's answer.
type replyRule string

// The reply rules; "" is that of replyRelayed.
const (
	replyRelayed replyRule = "relay"  // it can become the sender's
	replyIgnored replyRule = "ignore" // it never does
)

// UnmarshalText reads a reply rule.
func (r *replyRule) UnmarshalText(text []byte) error {
	if err := oneOf(string(text), string(replyRelayed), string(replyIgnored)); err != nil {
		return err
	}
	*r = replyRule(text)
	return nil
}

// badEndpointName says what is wrong with a name; "" for nothing. Names stand where URLs
// and ports may stand too, and become the names of files.
func badEndpointName(name string) string {
	alnum := func(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' }
	const form = "want letters, digits, dots, underscores and hyphens, with a letter or digit first and last"
	if name == "" || len(name) > 100 || !alnum(name[0]) || !alnum(name[len(name)-1]) {
		return fmt.Sprintf("%s, got %q", form, name)
	}
	for i := range len(name) {
		if !alnum(name[i]) && !strings.ContainsRune("._-", rune(name[i])) {
			return fmt.Sprintf("%s, got %q", form, name)
		}
	}
	if name == "all" {
		return `"all" means every endpoint`
	}
	if strings.Trim(name, "0123456789") == "" {
		return fmt.Sprintf("want a letter in it, got %q, which is a port where a URL may stand", name)
	}
	return ""
}

// readHeaderNode reads a mapping of names to values, or a list of 'Name: value'.
func readHeaderNode(node yamldoc.Node) (hook.Header, error) {
	const form = "headers: want a mapping such as {X-Tenant: acme}, or a list of 'Name: value'"
	var all headers
	if entries, ok := node.Entries(); ok {
		for _, entry := range entries {
			value, ok := entry.Value.Text()
			if !ok {
				return nil, entry.Value.Errorf("%s: want one value, got %s", entry.Key, entry.Value)
			}
			if err := addHeader(&all, entry.Key, value); err != nil {
				return nil, entry.Errorf("headers: %v", err)
			}
		}
		return hook.Header(all), nil
	}
	items, ok := node.Items()
	if !ok && node != (yamldoc.Node{}) {
		return nil, node.Errorf("%s, got %s", form, node)
	}
	for _, item := range items {
		text, err := headerLine(item)
		if err != nil {
			return nil, item.Errorf("headers: %v", err)
		}
		name, value, _ := strings.Cut(text, ":")
		if err := addHeader(&all, name, value); err != nil {
			return nil, item.Errorf("headers: %v", err)
		}
	}
	return hook.Header(all), nil
}

// headerLine is one item of a list of headers: 'Name: value', or the same without quotes,
// which YAML takes for a mapping.
func headerLine(item yamldoc.Node) (string, error) {
	if entries, ok := item.Entries(); ok && len(entries) == 1 {
		if value, ok := entries[0].Value.Text(); ok {
			return entries[0].Key + ":" + value, nil
		}
	}
	text, ok := item.Text()
	if !ok || !strings.Contains(text, ":") {
		return "", fmt.Errorf("want 'Name: value', got %s", item)
	}
	return text, nil
}

// addHeader appends one field that a delivery can have.
func addHeader(to *headers, name, value string) error {
	if name == "" {
		return errors.New("want a name, got nothing")
	}
	if hook.HopByHop(name) || strings.EqualFold(name, "Content-Length") || strings.EqualFold(name, listener.HopHeader) {
		return fmt.Errorf("%s belongs to the connection or the message itself and cannot be set", name)
	}
	if strings.Contains(name, ":") {
		return fmt.Errorf("want a header name of letters, digits and hyphens, got %q", name)
	}
	return to.Set(name + ": " + value)
}

func (t *targetURL) Type() string { return "URL" }

// Set reads the URL of a flag.
func (t *targetURL) Set(text string) error {
	to, err := parseTarget(text)
	if err != nil {
		return err
	}
	t.URL = to
	return nil
}

// String is the URL as it is written, password and all; "" for none.
func (t *targetURL) String() string {
	if t.URL == nil {
		return ""
	}
	return t.URL.String()
}
