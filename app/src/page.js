(d=>{let lang=d.documentElement.lang,tag=navigator.languages.find(l=>l.split('-')[0]==lang.split('-')[0])||lang,sent,said=d.getElementById('offline')
for(let t of d.querySelectorAll('time[datetime]')){t.title=t.textContent;t.textContent=new Date(t.dateTime).toLocaleString(tag,t.dataset.form=='time'?{timeStyle:'short'}:{dateStyle:'long',timeStyle:'short'})}
let say=()=>said.textContent=navigator.onLine?'':said.dataset.words
let rest=()=>{sent=clearTimeout(sent);d.querySelectorAll('button[aria-busy]').forEach(b=>b.removeAttribute('aria-busy'))}
say();addEventListener('online',say);addEventListener('offline',say);addEventListener('pageshow',rest)
d.addEventListener('submit',e=>{if(sent||!navigator.onLine){e.preventDefault();say();return}
e.submitter?.setAttribute('aria-busy','true');sent=setTimeout(rest,8e3)})})(document)
