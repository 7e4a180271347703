package cli

import "testing"

// Targets of --forward-to come before the endpoints, and stay what they are when
// hookctl.yaml is read again.
func TestRoutesOfBothKinds(t *testing.T) {
	a, _, err := declared(t, "endpoints: {o: {url: x:1}, p: {url: x:2}}\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		endpoints []string
		want      []string
	}{
		"all":  {nil, []string{"http://localhost:3000", "http://localhost:3001", "o", "p"}},
		"one":  {[]string{"p"}, []string{"http://localhost:3000", "http://localhost:3001", "p"}},
		"none": {[]string{noEndpoint}, []string{"http://localhost:3000", "http://localhost:3001"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := &listenOptions{forwardTo: []string{"3000", "3001"}, endpoints: test.endpoints, replyFrom: 2}
			routes, err := o.routes(a)
			if err != nil || len(routes) != len(test.want) {
				t.Fatalf("%v, %d routes, want %d", err, len(routes), len(test.want))
			}
			for i, r := range routes {
				if r.Place() != test.want[i] {
					t.Errorf("route %d to %s, want %s", i, r.Place(), test.want[i])
				}
			}
			if routes[0].relay || !routes[1].relay {
				t.Error("--reply-from 2 is not heeded")
			}
			if words := routesDiffer(routes, routes); words != "" {
				t.Errorf("nothing changed, but %s", words)
			}
		})
	}
}
