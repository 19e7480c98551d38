// The API of Kubernetes on etcd, in one process: it checks and keeps objects, and runs none of them.
package main

import (
	"log"
	"net/url"
	"os"

	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	config := embed.NewConfig()
	config.Dir = os.Getenv("ETCD_FOLDER")
	config.LogLevel = "error"
	config.ListenClientUrls = listenAt("ETCD_URL")
	config.AdvertiseClientUrls = config.ListenClientUrls
	config.ListenPeerUrls = listenAt("ETCD_PEER_URL")
	config.AdvertisePeerUrls = config.ListenPeerUrls
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		log.Fatal(err)
	}
	<-etcd.Server.ReadyNotify()
	os.Exit(cli.Run(app.NewAPIServerCommand()))
}

func listenAt(name string) []url.URL {
	address, err := url.Parse(os.Getenv(name))
	if err != nil {
		log.Fatal(err)
	}
	return []url.URL{*address}
}
