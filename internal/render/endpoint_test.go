package render_test

import (
	"path/filepath"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/render"
)

func TestGoldenEndpoints(t *testing.T) {
	for suffix, change := range map[string]func(*render.Options){
		".txt": func(*render.Options) {}, ".color.txt": inColor, ".narrow.txt": inColumns(80),
	} {
		got := printed(t, options(change), func(p *render.Printer) {
			err := p.Endpoints([]render.EndpointRow{
				{Name: "orders", Status: hook.Enabled, URL: "http://localhost:3000/hooks"},
				{Name: "billing", Status: hook.Paused, Provider: "recharge", Events: "order/*, charge/paid, \x1b[31m", URL: "https://a.example/a/long/path/to/the/handler", Pending: 12345},
				{Name: "a-name-that-is-too-long", Status: hook.Disabled, Provider: "machnet-paas", URL: "http://b.example"},
				{Name: "gone", Status: hook.Deleted, Provider: "recharge", Events: "*", URL: "http://b.example"},
			})
			if err != nil {
				t.Error(err)
			}
			if err := p.ShowEndpoint([]render.Fact{{Label: "endpoint", Value: "orders"}}, []render.Fact{{Label: "state", Value: "paused"}, {Label: "because", Value: "5 failures in a row"}}); err != nil {
				t.Error(err)
			}
		})
		wantGolden(t, filepath.Join("..", "..", "testdata", "golden", "render", "endpoints"+suffix), got)
	}
}
