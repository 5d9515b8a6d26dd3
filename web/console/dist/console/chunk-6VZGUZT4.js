import{W as t,_ as u,f as r}from"./chunk-TTI27FUF.js";function g(e){return r(()=>({get value(){return t.value.query.get(e)??""},set value(o){u({[e]:o})}}),[e])}export{g as a};
