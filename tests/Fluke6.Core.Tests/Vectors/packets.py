# Packets that PacketTests writes, too; an oracle that owes nothing to Fluke6.
from scapy.all import *
from scapy.contrib.geneve import GENEVE, GeneveOptions
from scapy.contrib.mpls import MPLS

conf.verb=0
M='02:00:00:00:00:01'; D='02:00:00:00:00:02'
E=lambda dst=D: Ether(src=M,dst=dst)
I4=lambda **k: IP(src='192.0.2.1',dst='198.51.100.2',id=0,flags='DF',ttl=64,**k)
I6=lambda **k: IPv6(src='2001:db8::1',dst='2001:db8::2',hlim=64,**k)
v={}
v['tcp4 syn']=E()/I4()/TCP(sport=40000,dport=80,flags='S',seq=1,window=65535,options=[('MSS',1460),('SAckOK',b''),('Timestamp',(1,0)),('NOP',None),('WScale',7)])
v['tcp6 data']=E()/I6()/TCP(sport=40000,dport=80,flags='PA',seq=0x01020304,ack=0x05060708,window=1000)/b'hello'
v['udp4 vlan']=E()/Dot1Q(vlan=5,prio=3)/I4()/UDP(sport=1024,dport=53)/b'abc'
v['qinq']=Ether(src=M,dst=D,type=0x88a8)/Dot1Q(vlan=100)/Dot1Q(vlan=5)/I6()/UDP(sport=1,dport=2)
v['udp without checksum']=E()/I4()/UDP(sport=1,dport=2,chksum=0)/b'x'
v['echo4']=E()/I4()/ICMP(type=8,id=7,seq=9)/b'0123456789'
v['echo6']=E()/I6()/ICMPv6EchoReply(id=7,seq=9)/b'01234567'
v['arp request']=E('ff:ff:ff:ff:ff:ff')/ARP(op=1,hwsrc=M,psrc='192.0.2.1',pdst='192.0.2.9',hwdst='00:00:00:00:00:00')
inv=bytes(IP(src='198.51.100.2',dst='192.0.2.1',id=0,flags='DF',ttl=64)/UDP(sport=5,dport=6)/b'q')
v['unreachable4']=E()/I4()/ICMP(type=3,code=4,nexthopmtu=1400)/Raw(inv)
v['too big']=E()/I6()/ICMPv6PacketTooBig(mtu=1280)/Raw(bytes(IPv6(src='2001:db8::2',dst='2001:db8::1')/UDP(sport=5,dport=6)))
v['rs']=Ether(src=M,dst='33:33:00:00:00:02')/IPv6(src='fe80::1',dst='ff02::2',hlim=255)/ICMPv6ND_RS()/ICMPv6NDOptSrcLLAddr(lladdr=M)
v['ra']=Ether(src=M,dst='33:33:00:00:00:01')/IPv6(src='fe80::1',dst='ff02::1',hlim=255)/ICMPv6ND_RA(chlim=64,prf=0,routerlifetime=1800,reachabletime=0,retranstimer=0)/ICMPv6NDOptSrcLLAddr(lladdr=M)/ICMPv6NDOptMTU(mtu=1480)/ICMPv6NDOptPrefixInfo(prefixlen=64,L=1,A=1,validlifetime=3600,preferredlifetime=1800,prefix='2001:db8:1::')/ICMPv6NDOptRouteInfo(prefix='2001:db8:2::',plen=48,prf=1,rtlifetime=600,len=2)/ICMPv6NDOptRDNSS(lifetime=1800,dns=['2001:db8::53'])/ICMPv6NDOptDNSSL(lifetime=1800,searchlist=['test6.example'])
v['ns']=Ether(src=M,dst='33:33:ff:00:00:02')/IPv6(src='2001:db8::1',dst='ff02::1:ff00:2',hlim=255)/ICMPv6ND_NS(tgt='2001:db8::2')/ICMPv6NDOptSrcLLAddr(lladdr=M)
v['na']=Ether(src=M,dst='33:33:00:00:00:01')/IPv6(src='2001:db8::1',dst='ff02::1',hlim=255)/ICMPv6ND_NA(tgt='2001:db8::1',R=1,S=0,O=1)/ICMPv6NDOptDstLLAddr(lladdr=M)
v['redirect']=E()/IPv6(src='fe80::1',dst='2001:db8::2',hlim=255)/ICMPv6ND_Redirect(tgt='fe80::9',dst='2001:db8::99')/ICMPv6NDOptDstLLAddr(lladdr=M)/ICMPv6NDOptRedirectedHdr(pkt=IPv6(src='2001:db8::2',dst='2001:db8::99',nh=59,plen=0))
v['mld']=Ether(src=M,dst='33:33:00:00:00:16')/IPv6(src='fe80::6',dst='ff02::16',hlim=1)/IPv6ExtHdrHopByHop(options=[RouterAlert(value=0),PadN(optdata=b'')])/ICMPv6MLReport2(records=[ICMPv6MLDMultAddrRec(rtype=4,dst='ff02::1:ff00:77'),ICMPv6MLDMultAddrRec(rtype=4,dst='ff02::1:ff00:abc')])
v['extension headers']=E()/I6()/IPv6ExtHdrHopByHop(options=[RouterAlert(value=0),PadN(optdata=b'')])/IPv6ExtHdrDestOpt(options=[HBHOptUnknown(otype=0x1e,optdata=b'Fluke6'),PadN(optdata=b'\0\0\0\0')])/IPv6ExtHdrFragment(id=0x11223344)/UDP(sport=1,dport=2)/b'zz'
v['routing']=E()/I6()/IPv6ExtHdrRouting(addresses=['2001:db8::7'],segleft=1)/UDP(sport=1,dport=2)/b'zz'
v['gre']=E()/I4()/GRE(chksum_present=1,key_present=1,seqnum_present=1,key=5,seqence_number=6,proto=0x86dd)/I6()/UDP(sport=1,dport=2)/b'x'
v['vxlan']=E()/I4()/UDP(sport=40000,dport=4789,chksum=0)/VXLAN(vni=42,flags=8)/Ether(src=M,dst='33:33:ff:00:00:02')/IPv6(src='2001:db8::1',dst='ff02::1:ff00:2',hlim=255)/ICMPv6ND_NS(tgt='2001:db8::2')
# PPPoE says which protocol in two octets; scapy's PPP makes them one.
v['pppoe']=E()/Dot1Q(vlan=7)/PPPoE(sessionid=0x1234)/Raw(b'\x00\x57')/I6()/UDP(sport=1,dport=2)/b'x'
v['mpls']=E()/MPLS(label=100,s=0,ttl=63)/MPLS(label=16,cos=5,s=1,ttl=62)/I4()/UDP(sport=1,dport=2)/b'x'
v['mpls in udp']=E()/I6()/UDP(sport=49152,dport=6635)/MPLS(label=100,s=1,ttl=64)/I4()/ICMP(type=8,id=1,seq=2)
v['mpls in gre']=E()/I4()/GRE(proto=0x8847)/MPLS(label=3,s=0,ttl=64)/MPLS(label=4,s=0,ttl=64)/MPLS(label=5,s=1,ttl=64)/I6()/ICMPv6EchoRequest(id=1,seq=2)
v['geneve']=E()/I4()/UDP(sport=40000,dport=6081)/GENEVE(vni=0x123456,critical=1,options=[GeneveOptions(classid=0x0102,type=0x83,data=b'\xaa\xbb\xcc\xdd')])/E()/I6()/UDP(sport=1,dport=2)/b'x'
v['geneve of ip']=E()/I6()/UDP(sport=40000,dport=6081)/GENEVE(vni=1,proto=0x0800)/I4()/ICMP(type=8,id=1,seq=2)
v['ip in ip']=E()/I6()/IP(src='192.0.2.1',dst='198.51.100.2',id=0,flags='DF',ttl=64)/ICMP(type=8,id=1,seq=2)
v['dns query']=E()/I6()/UDP(sport=1024,dport=53)/DNS(id=0x1234,rd=1,qd=DNSQR(qname='www.example.net',qtype='AAAA'))
v['teredo']=E()/I4()/UDP(sport=3544,dport=40000)/Raw(bytes.fromhex('0000fbff3ffffdfe'))/IPv6(src='2001:db8::1',dst='2001:db8::2',hlim=64)/UDP(sport=1,dport=2)
v['router alert4']=E()/IP(src='192.0.2.1',dst='224.0.0.1',id=0,flags='DF',ttl=1,options=[IPOption_Router_Alert()])/UDP(sport=1,dport=2)
v['router alert4'][Ether].dst='01:00:5e:00:00:01'
v['tun tcp']=I4()/TCP(sport=1,dport=2,flags='RA',seq=3,ack=4,window=0)
for k,p in v.items():
    print(k+'|'+bytes(p).hex())
