package render

import "testing"

// Of a URL that is cut the host stays, by which others are told from it, and the query goes
// before the path.
func TestURLsAreToldApartWhenCut(t *testing.T) {
	for _, test := range []struct {
		url   string
		width int
		want  string
	}{
		{"http://localhost:3000/x?token=a&api_key=zqcap16", 24, "localhost:3000/x?..."},
		{"http://localhost:3001/hooks?token=a&api_key=zqcap16", 20, "localhost:3001/hooks"},
		{"http://localhost:39999/a/long/path/orders?token=a", 24, "localhost:39999...orders"},
		{"https://a.example/hooks/of/orders", 26, "https://a.example...orders"},
		{"http://localhost:3000/x?token=a&api_key=zqcap16", 11, "...t:3000/x"},
		{"http://localhost:3000?token=a&api_key=zqcap16", 16, "localhost:3000"},
		{"http://localhost:3000/x", 30, "http://localhost:3000/x"},
		{"a-long-name-of-an-endpoint", 10, "a-long-..."},
	} {
		if got := foldPlace(test.url, test.width); got != test.want {
			t.Errorf("%s at %d: %q, want %q", test.url, test.width, got, test.want)
		}
	}
}
