package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// prober asks whether something answers, as a user of the control plane.
type prober struct{ client http.Client }

func newProber(authority authority, as credential) (prober, error) {
	trusted := x509.NewCertPool()
	trusted.AddCert(authority.certificate)
	own, err := tls.X509KeyPair(as.certificate, as.key)
	if err != nil {
		return prober{}, err
	}
	return proberFor(&tls.Config{RootCAs: trusted, Certificates: []tls.Certificate{own}}), nil
}

func proberFor(config *tls.Config) prober {
	return prober{http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{TLSClientConfig: config}}}
}

// get is nil when the answer to a GET is 200.
func (p prober) get(url string) error {
	response, err := p.client.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 4<<10))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s: %s", url, response.Status, strings.TrimSpace(string(body)))
	}
	return nil
}
