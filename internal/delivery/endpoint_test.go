package delivery_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

// rulesFor are the rules of a bundled provider, with some of them set otherwise.
func rulesFor(t *testing.T, name string, set map[string]string) *delivery.Rules {
	t.Helper()
	p, err := provider.NewLibrary(schemas.Files()).Load(name)
	if err != nil {
		t.Fatal(err)
	}
	for path, value := range set {
		if err := p.Set("test", path, value); err != nil {
			t.Fatal(err)
		}
	}
	return delivery.NewRules(p)
}

func TestCheckEndpoint(t *testing.T) {
	header := func(names ...string) hook.Header {
		var h hook.Header
		for _, name := range names {
			h = append(h, hook.Field{Name: name, Value: "v"})
		}
		return h
	}
	for name, test := range map[string]struct {
		provider, url, errorsTo string
		events                  []string
		header                  hook.Header
		rate                    int
		set                     map[string]string
		want                    []string // "! " begins what is fatal
	}{
		"RETM has https":                  {provider: "retm", url: "https://x/", events: []string{"a"}},
		"RETM has no http":                {provider: "retm", url: "http://me:pw@x/", events: []string{"a"}, want: []string{"! url: retm delivers to https only, got http://x/"}},
		"but on this machine":             {provider: "retm", url: "http://localhost:1/", events: []string{"a"}},
		"by its address":                  {provider: "retm", url: "http://127.0.0.2:1/", events: []string{"a"}},
		"by its other address":            {provider: "retm", url: "http://[::1]:1/", events: []string{"a"}},
		"by its name in any case":         {provider: "retm", url: "http://LocalHost:1/", events: []string{"a"}},
		"not by a name below":             {provider: "retm", url: "http://app.localhost:1/", events: []string{"a"}, want: []string{"! url: retm"}},
		"not by a name that is looked up": {provider: "retm", url: "http://localhost.:1/", events: []string{"a"}, want: []string{"! url: retm"}},
		"not by a name like it":           {provider: "retm", url: "http://localhost.example/", events: []string{"a"}, want: []string{"! url: retm"}},
		"or where the user says so":       {provider: "retm", url: "http://x/", events: []string{"a"}, set: map[string]string{"endpoint.https": "false"}},
		"errors to https":                 {provider: "retm", url: "https://x/", errorsTo: "http://y/", events: []string{"a"}, want: []string{"! errors_to: retm delivers to https only, got http://y/"}},
		"errors that never come":          {provider: "recharge", url: "http://x/", errorsTo: "http://y/", events: []string{"a"}, want: []string{"errors_to: recharge sends no messages about failed deliveries"}},
		"Clazar wants a choice":           {provider: "clazar", url: "http://x/", want: []string{"! events: clazar has every endpoint choose its events"}},
		"and may get all":                 {provider: "clazar", url: "http://x/", events: []string{"*"}},
		"Techrar probably wants one":      {provider: "techrar", url: "http://x/", want: []string{"events: techrar has every endpoint choose its events, and none is chosen (assumed)"}},
		"Svix needs none":                 {provider: "svix", url: "http://x/", header: header("X-Mine"), rate: 5},
		"a refused header":                {provider: "svix", url: "http://x/", header: header("User-Agent"), want: []string{"! headers: svix does not let User-Agent be set"}},
		"refused by how it begins":        {provider: "clazar", url: "http://x/", events: []string{"a"}, header: header("X-Ok", "X-Amz-Date", "svix-id"), want: []string{"! headers: clazar does not let X-Amz-Date be set, nor any other x-amz-*", "! headers: clazar does not let svix-id be set, nor any other svix-*"}},
		"headers that are not offered":    {provider: "recharge", url: "http://x/", events: []string{"a"}, header: header("X-A"), want: []string{"headers: recharge is not known to send custom ones"}},
		"headers that nobody can send":    {provider: "techrar", url: "http://x/", events: []string{"a"}, header: hook.Header{{Name: "a b", Value: "c"}, {Name: "Content-Length", Value: "1"}, {Name: "TE", Value: "x"}, {Name: "A", Value: "b\nc"}}, want: []string{"! headers: want a name of letters", "! headers: Content-Length belongs", "! headers: TE belongs", "! headers: the value of A has a control character"}},
		"a rate limit that is not theirs": {provider: "recharge", url: "http://x/", events: []string{"a"}, rate: 5, want: []string{"rate_limit: recharge is not known to limit rates"}},
	} {
		t.Run(name, func(t *testing.T) {
			e := &hook.Endpoint{Name: "e", URL: mustURL(t, test.url), Events: test.events, Header: test.header, Rate: hook.Rate{Count: test.rate}}
			if test.errorsTo != "" {
				e.ErrorsTo = mustURL(t, test.errorsTo)
			}
			wantProblems(t, rulesFor(t, test.provider, test.set).CheckEndpoint(e), test.want)
		})
	}
}

func wantProblems(t *testing.T, got []delivery.Problem, want []string) {
	t.Helper()
	var texts []string
	for _, p := range got {
		text := p.Text
		if p.Fatal {
			text = "! " + text
		}
		texts = append(texts, text)
	}
	ok := len(texts) == len(want)
	for i := range want {
		ok = ok && strings.HasPrefix(texts[i], want[i])
	}
	if !ok {
		t.Errorf("got  %q\nwant %q", texts, want)
	}
}

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCheckTopics(t *testing.T) {
	var all []*hook.Endpoint
	for i := range 10 {
		all = append(all, &hook.Endpoint{Name: fmt.Sprintf("e%d", i), Events: []string{"order/*"}})
	}
	recharge := rulesFor(t, "recharge", nil)
	topics := []string{"order/created", "charge/paid", "order/created"}
	wantProblems(t, recharge.CheckTopics(all, topics), nil)
	all = append(all, &hook.Endpoint{Name: "last", Events: []string{"order/created", "charge/paid"}})
	wantProblems(t, recharge.CheckTopics(all, topics), []string{"! recharge allows 10 endpoints for a topic, and 11 want order/created: e0, e1"})
	wantProblems(t, rulesFor(t, "techrar", nil).CheckTopics(all, topics), nil)
}
