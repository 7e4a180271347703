package archive

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// A destination is where a curl command sends to.
type destination struct {
	scheme, authority, target string
}

// curlDestination is o.URL, or where c was sent to.
func curlDestination(c *hook.Capture, o Options) (destination, error) {
	address := o.URL
	if address == "" {
		var err error
		if address, err = receivedAt(c); err != nil {
			return destination{}, err
		}
	}
	scheme, authority, target, err := splitURL(address)
	switch {
	case err != nil:
		return destination{}, fmt.Errorf("%q %w", address, err)
	case scheme != "http" && scheme != "https":
		return destination{}, errors.New("curl is to send to http or https, not to " + scheme)
	case strings.ContainsAny(address, " \t\r\n\x00"):
		return destination{}, fmt.Errorf("%q holds white space", address)
	}
	if o.URL == "" {
		target = c.Target
	}
	return destination{scheme, authority, target}, nil
}

// args give the URL, and the target apart where it would not survive in one.
func (d destination) args() []string {
	base := d.scheme + "://" + d.authority
	if isPlainTarget(d.target) {
		return []string{"--url " + shellWord(base+d.target)}
	}
	return []string{"--request-target " + shellWord(d.target), "--url " + shellWord(base+"/")}
}

// ownHost is the Host that curl sends by itself, or "" where that is not certain.
func (d destination) ownHost() string {
	host := withoutUser(d.authority)
	for _, c := range []byte(host) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("-.:[]", rune(c)) {
			return ""
		}
	}
	port := map[string]string{"http": ":80", "https": ":443"}[d.scheme]
	return strings.TrimSuffix(host, port)
}
